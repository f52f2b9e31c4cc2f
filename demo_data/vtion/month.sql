-- One month of sessions: who was active on which day, how often, on which app, when, how long.
CREATE OR REPLACE TABLE active_days AS
SELECT panelist_id, day::DATE AS day, day_number,
       least(1 + floor(-ln(1 - uniform('sessions', panelist_id, day_number)) * (1.2 + 2.6 * daily_habit)), 14)::INT AS sessions
FROM panelists,
     (SELECT $month::DATE + d::INT AS day, ($month::DATE + d::INT) - DATE '2026-04-01' AS day_number
      FROM range(date_diff('day', $month::DATE, $month::DATE + INTERVAL 1 MONTH)) t(d))
WHERE join_date <= day
  AND uniform('active', panelist_id, day_number) < daily_habit
      * (0.90 + 0.0005 * day_number)
      * CASE isodow(day) WHEN 6 THEN 1.06 WHEN 7 THEN 1.10 WHEN 1 THEN 0.97 ELSE 1.0 END
      * CASE day WHEN DATE '2026-05-19' THEN 0.55 WHEN DATE '2026-07-08' THEN 0.70
                 WHEN DATE '2026-08-15' THEN 1.08 ELSE 1.0 END;

CREATE OR REPLACE TABLE month_sessions AS
WITH openings AS (
    SELECT panelist_id, day, day_number,
           (day_number * 100000::BIGINT + (panelist_id - 100000)) * 16 + number AS session_id
    FROM active_days, unnest(range(sessions)) t(number)
), on_app AS (
    SELECT openings.panelist_id, day, session_id, app_id
    FROM (SELECT *, uniform('app', session_id, 0) AS app_draw FROM openings) openings
    ASOF JOIN repertoire
      ON openings.panelist_id = repertoire.panelist_id AND app_draw >= lower_end
), kept AS (
    SELECT on_app.*, ref_apps.peak, median_seconds, category,
           uniform('hour', session_id, 0) AS hour_draw
    FROM on_app JOIN ref_apps USING (app_id)
    WHERE uniform('growth', session_id, 0) < CASE
        WHEN monthly_growth >= 0 THEN pow(1 + monthly_growth, month(day) - 9)
        ELSE pow(1 + monthly_growth, month(day) - 4) END
)
SELECT
    session_id, panelist_id, app_id, category,
    day + to_seconds(hour * 3600 + floor(uniform('second', session_id, 0) * 3600)::BIGINT) AS started_at,
    day AS local_date,
    greatest(3, least(14400, median_seconds * (0.95 + 0.15 * (isodow(day) >= 6)::INT)
        * exp(1.0 * normal('length', session_id, 0))))::INT AS duration_seconds,
    CASE WHEN uniform('network', session_id, 0) < 0.02 THEN NULL
         WHEN uniform('network', session_id, 0) < 0.30 + 0.20 * (hour >= 20 OR hour < 8)::INT THEN 'WF'
         WHEN uniform('network', session_id, 0) < 0.68 + 0.005 * month(day) THEN '4G'
         WHEN uniform('network', session_id, 0) < 0.985 THEN '5G' ELSE '3G' END AS network_type
FROM kept ASOF JOIN hour_ranges ON kept.peak = hour_ranges.peak AND hour_draw >= lower_end;

CREATE OR REPLACE TABLE month_views AS
SELECT session_id AS view_id, v.panelist_id, app_id, title, language, genre,
       started_at AS viewed_at, local_date, watched_seconds
FROM (
    SELECT month_sessions.*, regional_language,
           (duration_seconds * (0.70 + 0.28 * uniform('watched', session_id, 0)))::INT AS watched_seconds,
           uniform('title', session_id, 0) AS title_draw
    FROM month_sessions JOIN panelists USING (panelist_id)
    WHERE category = 'Video streaming'
) v ASOF JOIN title_ranges
  ON v.regional_language = title_ranges.regional_language AND title_draw >= lower_end;

CREATE OR REPLACE TABLE month_purchases AS
SELECT
    session_id AS purchase_id, panelist_id, app_id,
    started_at + to_seconds(duration_seconds) AS purchased_at,
    local_date,
    CASE category WHEN 'Food and grocery' THEN
             CASE WHEN app_id IN (28, 29) THEN 'Food delivery' ELSE 'Groceries' END
         WHEN 'Travel and navigation' THEN 'Travel'
         ELSE list_value('Fashion', 'Electronics', 'Home', 'Beauty')
              [1 + floor(4 * pow(uniform('kind', session_id, 0), 1.4))::INT] END AS category,
    round(greatest(49, CASE category WHEN 'Food and grocery' THEN 340
             WHEN 'Travel and navigation' THEN 620 ELSE 780 END
        * CASE nccs_class WHEN 'A' THEN 1.35 WHEN 'B' THEN 1.0 ELSE 0.75 END
        * exp(0.7 * normal('amount', session_id, 0))), 2)::DECIMAL(10, 2) AS amount_inr,
    CASE WHEN uniform('pay', session_id, 0) < 0.015 THEN NULL
         WHEN uniform('pay', session_id, 0) < 0.58 THEN 'UPI'
         WHEN uniform('pay', session_id, 0) < 0.78 THEN 'Card'
         WHEN uniform('pay', session_id, 0) < 0.91 THEN 'Cash on delivery'
         ELSE 'Wallet' END AS payment_method
FROM month_sessions JOIN panelists USING (panelist_id)
WHERE (category IN ('Shopping', 'Food and grocery') OR app_id IN (38, 39, 40, 41, 42))
  AND uniform('buys', session_id, 0) < CASE category WHEN 'Food and grocery' THEN 0.24
          WHEN 'Travel and navigation' THEN 0.30 ELSE 0.09 END
      * CASE WHEN local_date BETWEEN DATE '2026-08-12' AND DATE '2026-08-16' THEN 1.5
             WHEN local_date >= DATE '2026-09-22' THEN 1.7 ELSE 1.0 END;
