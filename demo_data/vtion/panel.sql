-- Panelists, universe estimates and weekly weights. Reference tables are loaded as `ref_*`.
CREATE MACRO uniform(salt, a, b) AS
    ((hash($seed, salt, a, b) >> 11) / 9007199254740992.0)::DOUBLE;
CREATE MACRO normal(salt, a, b) AS
    sqrt(-2 * ln(1 - uniform(salt || '-r', a, b))) * cos(2 * pi() * uniform(salt || '-t', a, b));

CREATE TABLE city_ranges AS
SELECT *, sum(share) OVER (ORDER BY city) / sum(share) OVER () - share / sum(share) OVER () AS lower_end
FROM ref_cities;

CREATE TABLE panelists AS
WITH drawn AS (
    SELECT
        100000 + i AS panelist_id,
        i,
        uniform('city', i, 0) AS city_draw,
        CASE WHEN uniform('gender', i, 0) < 0.56 THEN 'Male' ELSE 'Female' END AS gender,
        uniform('age', i, 0) AS age_draw,
        uniform('nccs', i, 0) AS nccs_draw,
        uniform('join', i, 0) AS join_draw
    FROM range($panelists) t(i)
)
SELECT
    panelist_id,
    CASE WHEN uniform('noname', i, 0) < 0.01 THEN NULL ELSE
        (SELECT list(word ORDER BY word) FROM ref_people WHERE kind = lower(gender))
            [1 + (hash($seed, 'first', i) % 15)::INT]
        || ' ' ||
        (SELECT list(word ORDER BY word) FROM ref_people WHERE kind = 'family')
            [1 + (hash($seed, 'family', i) % 20)::INT] END AS name,
    '+91 90' || lpad((hash($seed, 'phone', i) % 100000000)::VARCHAR, 8, '0') AS phone,
    CASE WHEN uniform('nomail', i, 0) < 0.08 THEN NULL
         ELSE 'panelist' || (100000 + i) || '@example.com' END AS email,
    gender,
    CASE WHEN age_draw < 0.31 THEN '15-24' WHEN age_draw < 0.62 THEN '25-34'
         WHEN age_draw < 0.82 THEN '35-44' ELSE '45+' END AS age_band,
    CASE WHEN nccs_draw < 0.34 + 0.10 * (city_tier = 'Metro')::INT THEN 'A'
         WHEN nccs_draw < 0.68 THEN 'B' ELSE 'CDE' END AS nccs_class,
    city,
    city_tier,
    state,
    language AS regional_language,
    CASE WHEN join_draw < 0.86
         THEN DATE '2024-01-08' + (join_draw / 0.86 * 812)::INT
         ELSE DATE '2026-03-30' + ((join_draw - 0.86) / 0.14 * 150)::INT END AS join_date,
    0.18 + 0.78 * sqrt(uniform('habit', i, 0)) AS daily_habit
FROM drawn ASOF JOIN city_ranges ON city_draw >= lower_end;

-- The population each cell stands for: larger away from the metros, younger, growing by the month.
CREATE TABLE universe_cells AS
SELECT
    city_tier, age_band, gender, nccs_class,
    1e6 * tier_size * age_size * gender_size * nccs_size AS persons
FROM (VALUES ('Metro', 3.4), ('Tier 1', 3.0), ('Tier 2', 4.1)) tiers(city_tier, tier_size),
     (VALUES ('15-24', 1.20), ('25-34', 1.25), ('35-44', 0.85), ('45+', 0.70)) ages(age_band, age_size),
     (VALUES ('Male', 1.15), ('Female', 0.95)) genders(gender, gender_size),
     (VALUES ('A', 0.80), ('B', 1.05), ('CDE', 1.35)) classes(nccs_class, nccs_size);

CREATE TABLE universe_estimates AS
SELECT month::DATE AS month, city_tier, age_band, gender, nccs_class,
       (persons * pow(1.008, row_month))::BIGINT AS universe_persons
FROM universe_cells,
     (SELECT $first_day::DATE + to_months(m::INT) AS month, m AS row_month FROM range(6) t(m));

CREATE TABLE weeks AS
SELECT (DATE '2026-03-30' + 7 * w::INT) AS week_start,
       least(greatest(date_trunc('month', DATE '2026-04-02' + 7 * w::INT)::DATE, $first_day::DATE),
             DATE '2026-09-01') AS month
FROM range(27) t(w);

-- A week's sample is everybody who had joined; its weights add up to the month's universe.
CREATE TABLE panel_weights AS
WITH sampled AS (
    SELECT week_start, month, panelist_id, city_tier, age_band, gender, nccs_class
    FROM weeks, panelists
    WHERE join_date <= week_start + 6
)
SELECT week_start, panelist_id,
       universe_persons / count(*) OVER (
           PARTITION BY week_start, city_tier, age_band, gender, nccs_class) AS weight
FROM sampled JOIN universe_estimates USING (month, city_tier, age_band, gender, nccs_class);

ALTER TABLE panelists ADD COLUMN panel_weight DOUBLE;
UPDATE panelists SET panel_weight = cell.persons FROM (
    SELECT panelist_id, universe_persons / count(*) OVER (
        PARTITION BY city_tier, age_band, gender, nccs_class) AS persons
    FROM panelists JOIN universe_estimates USING (city_tier, age_band, gender, nccs_class)
    WHERE month = DATE '2026-09-01'
) cell WHERE cell.panelist_id = panelists.panelist_id;
