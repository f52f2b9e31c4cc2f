-- Times. Trino's intervals are counts of milliseconds or of months.
CREATE MACRO rounded(t, p) AS
    make_timestamp(((epoch_us(t) + 5 * CAST(pow(10, 5 - p) AS BIGINT)) // CAST(pow(10, 6 - p) AS BIGINT)
        - if((epoch_us(t) + 5 * CAST(pow(10, 5 - p) AS BIGINT)) % CAST(pow(10, 6 - p) AS BIGINT) < 0, 1, 0))
        * CAST(pow(10, 6 - p) AS BIGINT));
CREATE MACRO rounded_time(t, p) AS
    CAST({schema}.rounded(DATE '1970-01-01' + t, p) AS TIME);
CREATE MACRO part_day(x INTERVAL) AS epoch_ms(x) // 86400000, (x) AS date_part('day', x);
CREATE MACRO part_hour(x INTERVAL) AS epoch_ms(x) // 3600000 % 24, (x) AS date_part('hour', x);
CREATE MACRO part_minute(x INTERVAL) AS epoch_ms(x) // 60000 % 60, (x) AS date_part('minute', x);
CREATE MACRO part_second(x INTERVAL) AS epoch_ms(x) // 1000 % 60, (x) AS CAST(floor(date_part('second', x)) AS BIGINT);
CREATE MACRO part_millisecond(x INTERVAL) AS epoch_ms(x) % 1000, (x) AS date_part('millisecond', x) % 1000;
CREATE MACRO offset_minutes(t, zone) AS
    date_diff('minute', timezone('UTC', t), timezone(zone, t));
CREATE MACRO offset_text(minutes) AS
    if(minutes < 0, '-', '+') || lpad(CAST(abs(minutes) // 60 AS VARCHAR), 2, '0') || ':'
    || lpad(CAST(abs(minutes) % 60 AS VARCHAR), 2, '0');
CREATE MACRO time_text(t, p) AS
    CASE WHEN year(t) > 9999 OR year(t) < 1 THEN error('refused: A year that is not between 1 and 9999')
         WHEN p = 0 THEN strftime(t, '%Y-%m-%d %H:%M:%S')
         ELSE strftime(t, '%Y-%m-%d %H:%M:%S.') || substring(strftime(t, '%f'), 1, p) END;
CREATE MACRO from_iso8601_timestamp(s VARCHAR) AS
    CASE WHEN regexp_matches(s, '[+-]\d\d(:?\d\d)?$') AND contains(s, 'T') AND NOT regexp_matches(s, '[+-]00(:?00)?$')
         THEN error('refused: from_iso8601_timestamp() of a text with an offset')
         ELSE CAST(CAST(replace(s, 'Z', '') AS TIMESTAMP) AS TIMESTAMPTZ) END;
CREATE MACRO floor_divide(n, d) AS n // d - if(n % d < 0, 1, 0);
CREATE MACRO time_difference(a, b) AS
    to_milliseconds({schema}.floor_divide(epoch_us(a) - epoch_us(b) + 500, 1000));
CREATE MACRO iso_text(t, p) AS replace({schema}.time_text(t, p), ' ', 'T');
CREATE MACRO iso_zoned_text(t, p, minutes) AS
    {schema}.iso_text(t, p) || if(minutes = 0, 'Z', {schema}.offset_text(minutes));
CREATE MACRO to_millisecond(t) AS {schema}.rounded(t, 3);
