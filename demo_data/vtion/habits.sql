-- Which apps a panelist has, how often they are opened, and when in the day.
CREATE TABLE repertoire AS
WITH tilted AS (
    SELECT
        panelist_id, app_id,
        young_tilt * CASE age_band WHEN '15-24' THEN 1.0 WHEN '25-34' THEN 0.4
                                   WHEN '35-44' THEN -0.4 ELSE -1.0 END
        + female_tilt * CASE gender WHEN 'Female' THEN 0.6 ELSE -0.5 END
        + affluent_tilt * (CASE nccs_class WHEN 'A' THEN 0.7 WHEN 'B' THEN 0.0 ELSE -0.7 END
                           + CASE city_tier WHEN 'Metro' THEN 0.3 WHEN 'Tier 1' THEN 0.0 ELSE -0.3 END)
        + 0.9 * (app_name = 'Sun NXT' AND regional_language = 'Tamil')::INT
        + 0.9 * (app_name = 'aha' AND regional_language = 'Telugu')::INT
        + 1.2 * (app_name = 'hoichoi' AND regional_language = 'Bengali')::INT AS tilt,
        popularity, install_share
    FROM panelists, ref_apps
), installed AS (
    SELECT panelist_id, app_id,
           popularity * exp(0.8 * tilt + 0.8 * normal('taste', panelist_id, app_id)) AS strength
    FROM tilted
    WHERE uniform('install', panelist_id, app_id) < least(install_share * exp(0.5 * tilt), 0.995)
)
SELECT panelist_id, app_id,
       (sum(strength) OVER before - strength) / sum(strength) OVER (PARTITION BY panelist_id) AS lower_end
FROM installed
WINDOW before AS (PARTITION BY panelist_id ORDER BY app_id ROWS UNBOUNDED PRECEDING);

CREATE TABLE hour_ranges AS
WITH strengths AS (
    SELECT peak, hour,
        CASE WHEN hour < 6 THEN 0.08 + 0.25 * (hour = 0)::INT WHEN hour < 9 THEN 0.6 ELSE 1.0 END
        * CASE peak
            WHEN 'evening' THEN 0.5 + 2.4 * exp(-pow(hour - 21, 2) / 6.0)
            WHEN 'morning' THEN 0.5 + 3.0 * exp(-pow(hour - 8, 2) / 4.0)
            WHEN 'commute' THEN 0.5 + 2.0 * exp(-pow(hour - 9, 2) / 3.0) + 2.0 * exp(-pow(hour - 18, 2) / 4.0)
            WHEN 'mealtime' THEN 0.4 + 2.0 * exp(-pow(hour - 13, 2) / 3.0) + 2.8 * exp(-pow(hour - 20, 2) / 3.0)
            WHEN 'daytime' THEN 0.4 + 1.6 * exp(-pow(hour - 14, 2) / 24.0)
            ELSE 0.8 + 0.6 * exp(-pow(hour - 20, 2) / 16.0) END AS strength
    FROM (SELECT DISTINCT peak FROM ref_apps), (SELECT h::INT AS hour FROM range(24) t(h))
)
SELECT peak, hour,
       (sum(strength) OVER (PARTITION BY peak ORDER BY hour ROWS UNBOUNDED PRECEDING) - strength)
       / sum(strength) OVER (PARTITION BY peak) AS lower_end
FROM strengths;

CREATE TABLE title_ranges AS
WITH strengths AS (
    SELECT regional_language, title, genre, titles.language,
           popularity * CASE WHEN titles.language = regional_language THEN 6.0
                             WHEN titles.language IN ('Hindi', 'English') THEN 1.0
                             ELSE 0.04 END AS strength
    FROM ref_titles titles, (SELECT DISTINCT regional_language FROM panelists)
)
SELECT regional_language, title, genre, language,
       (sum(strength) OVER (PARTITION BY regional_language ORDER BY title ROWS UNBOUNDED PRECEDING)
        - strength) / sum(strength) OVER (PARTITION BY regional_language) AS lower_end
FROM strengths;
