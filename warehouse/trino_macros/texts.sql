-- Texts. Positions count code points from 1, from the end when negative.
CREATE MACRO substr(s, i) AS
    CASE WHEN s IS NULL OR i IS NULL THEN NULL WHEN i = 0 OR i < -length(s) THEN ''
         ELSE substring(s, i) END,
(s, i, n) AS
    CASE WHEN s IS NULL OR i IS NULL OR n IS NULL THEN NULL
         WHEN i = 0 OR i < -length(s) OR n <= 0 THEN '' ELSE substring(s, i, n) END;

CREATE MACRO split(s, d) AS
    CASE WHEN d IS NULL THEN NULL
         WHEN d = '' THEN error('The delimiter may not be empty') ELSE string_split(s, d) END,
(s, d, n) AS
    CASE WHEN s IS NULL OR d IS NULL OR n IS NULL THEN NULL
         WHEN n <= 0 OR n > 2147483647 THEN error('The limit of split() must be positive')
         WHEN d = '' THEN error('The delimiter may not be empty')
         WHEN len(string_split(s, d)) <= n THEN string_split(s, d)
         ELSE list_append(string_split(s, d)[1:n - 1],
                          array_to_string(string_split(s, d)[n:], d)) END;

CREATE MACRO split_part(s, d, i) AS
    CASE WHEN i < 1 THEN error('The index of split_part() must be greater than zero')
         ELSE list_extract(string_split(s, d), i) END;

CREATE MACRO pad_left(s, n, p) AS
    CASE WHEN n < 0 OR n > 2147483647 THEN error('The length of lpad() is out of range')
         WHEN p = '' THEN error('The padding may not be empty') ELSE lpad(s, CAST(n AS INTEGER), p) END;
CREATE MACRO pad_right(s, n, p) AS
    CASE WHEN n < 0 OR n > 2147483647 THEN error('The length of rpad() is out of range')
         WHEN p = '' THEN error('The padding may not be empty') ELSE rpad(s, CAST(n AS INTEGER), p) END;

CREATE MACRO spaces() AS
    ' ' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13) || chr(28) || chr(29) || chr(30)
    || chr(31) || chr(5760) || chr(8192) || chr(8193) || chr(8194) || chr(8195) || chr(8196)
    || chr(8197) || chr(8198) || chr(8200) || chr(8201) || chr(8202) || chr(8232) || chr(8233)
    || chr(8287) || chr(12288);
CREATE MACRO trim_both(s) AS trim(s, {schema}.spaces());
CREATE MACRO trim_left(s) AS ltrim(s, {schema}.spaces());
CREATE MACRO trim_right(s) AS rtrim(s, {schema}.spaces());

CREATE MACRO in_form(s, form, otherwise) AS
    if(regexp_full_match({schema}.trim_both(s), form), ltrim({schema}.trim_both(s), '+'), otherwise);
CREATE MACRO digits_only(s) AS {schema}.in_form(s, '[+-]?[0-9]+', 'not a whole number');
CREATE MACRO double_digits_only(s) AS
    {schema}.in_form(s, '[+-]?(NaN|Infinity|([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?)', 'not a number');
CREATE MACRO decimal_digits_only(s) AS
    if(regexp_full_match(s, '[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?'), s, 'not a number');
CREATE MACRO boolean_word(s) AS
    CASE WHEN s IS NULL THEN NULL WHEN lower(s) IN ('t', 'true', '1') THEN 'true'
         WHEN lower(s) IN ('f', 'false', '0') THEN 'false' ELSE 'neither true nor false' END;
CREATE MACRO date_only(s) AS
    {schema}.in_form(s, '[+-]?[0-9]{4,}-[0-9]{1,2}-[0-9]{1,2}', 'not a date');
CREATE MACRO time_only(s) AS
    {schema}.in_form(s, '[0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2}(\.[0-9]+)?)?', 'not a time');
CREATE MACRO timestamp_only(s) AS
    regexp_replace(
        {schema}.in_form(s, '[+-]?[0-9]{4,}-[0-9]{1,2}-[0-9]{1,2}( +[0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2}(\.[0-9]+)?)?)?( *([+-][0-9]{1,2}(:?[0-9]{2})?|[A-Za-z][A-Za-z0-9_/+-]*))?', 'not a timestamp'),
        '([0-9.]) *([+-][0-9]{1,2}:[0-9]{2}| [+-][0-9]{1,4}|[A-Za-z][A-Za-z0-9_/+-]*)$', '\1');

CREATE MACRO ascii_only(s, what) AS
    CASE WHEN s IS NULL OR strlen(s) = length(s) THEN s
         ELSE error('refused: ' || what || ' of texts beyond ASCII') END;
CREATE MACRO levenshtein_distance(a, b) AS
    levenshtein({schema}.ascii_only(a, 'levenshtein_distance()'),
                {schema}.ascii_only(b, 'levenshtein_distance()'));
CREATE MACRO hamming_distance(a, b) AS
    CASE WHEN length(a) <> length(b) THEN error('hamming_distance() needs texts of one length')
         WHEN a = '' THEN 0
         ELSE len(list_filter(range(1, length(a) + 1),
                              lambda i: substring(a, i, 1) <> substring(b, i, 1))) END;

CREATE MACRO positions(s, part) AS
    list_filter(range(1, length(s) - length(part) + 2),
                lambda i: substring(s, i, length(part)) = part);
CREATE MACRO strpos_nth(s, part, n) AS
    CASE WHEN s IS NULL OR part IS NULL OR n IS NULL THEN NULL
         WHEN n = 0 THEN error('The instance of strpos() may not be zero')
         WHEN part = '' THEN 1
         ELSE coalesce({schema}.positions(s, part)[n], 0) END;

CREATE MACRO codepoint(s) AS
    CASE WHEN length(s) <> 1 THEN error('codepoint() needs one character') ELSE unicode(s) END;

CREATE MACRO regexp_extract_part(s, p) AS
    CASE WHEN regexp_matches(s, p) THEN regexp_extract(s, p) END,
(s, p, g) AS
    CASE WHEN NOT regexp_matches(s, p) THEN NULL
         WHEN g = 0 THEN regexp_extract(s, p)
         ELSE regexp_extract_all(s, p, g)[1] END;
CREATE MACRO regexp_count_matches(s, p) AS
    CASE WHEN regexp_matches('', p)
         THEN error('refused: regexp_count() of a pattern that matches nothing')
         ELSE len(regexp_extract_all(s, p)) END;
CREATE MACRO regexp_position(s, p) AS
    CASE WHEN regexp_matches('', p)
         THEN error('refused: regexp_position() of a pattern that matches nothing')
         WHEN s IS NULL OR p IS NULL THEN NULL
         WHEN regexp_matches(s, p) THEN length(string_split_regex(s, p)[1]) + 1 ELSE -1 END;
CREATE MACRO regexp_split(s, p) AS
    CASE WHEN regexp_matches('', p)
         THEN error('refused: regexp_split() by a pattern that matches nothing')
         ELSE string_split_regex(s, p) END;
CREATE MACRO regexp_replace_plain(s, p, r) AS
    CASE WHEN contains(r, '$') OR contains(r, '\')
         THEN error('refused: A computed replacement with $ or \') ELSE regexp_replace(s, p, r, 'g') END;

CREATE MACRO from_hex(s VARCHAR) AS
    CASE WHEN length(s) % 2 = 1 THEN error('from_hex() needs an even number of digits')
         ELSE unhex(s) END;

CREATE MACRO valid_url(s) AS
    CASE WHEN NOT regexp_matches(s, '[\s{}|\\^"<>`]|%([^0-9A-Fa-f]|.[^0-9A-Fa-f]|.?$)|^:') THEN s END;
CREATE MACRO url_encode(s) AS
    replace(replace(replace(url_encode(s), '%20', '+'), '%2A', '*'), '~', '%7E');
CREATE MACRO url_decode(s) AS
    CASE WHEN regexp_matches(s, '%([^0-9A-Fa-f]|.[^0-9A-Fa-f]|.?$)')
         THEN error('url_decode() of a text with an incomplete escape')
         ELSE url_decode(replace(s, '+', ' ')) END;
CREATE MACRO url_part(s, pattern, g) AS nullif(regexp_extract({schema}.valid_url(s), pattern, g), '');
CREATE MACRO url_extract_protocol(s) AS
    regexp_extract({schema}.valid_url(s), '^([A-Za-z][A-Za-z0-9+.-]*):', 1);
CREATE MACRO url_extract_host(s) AS
    regexp_extract({schema}.valid_url(s), '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?([^/:?#]*)', 1);
CREATE MACRO url_extract_port(s) AS
    CAST({schema}.url_part(s, '^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*:([0-9]+)(?:[/?#]|$)', 1) AS BIGINT);
CREATE MACRO url_extract_path(s) AS
    regexp_extract({schema}.valid_url(s), '^(?:[A-Za-z][A-Za-z0-9+.-]*:)?(?://[^/?#]*)?([^?#]*)', 1);
CREATE MACRO url_extract_query(s) AS regexp_extract({schema}.valid_url(s), '^[^?#]*\?([^#]*)', 1);
CREATE MACRO url_extract_fragment(s) AS regexp_extract({schema}.valid_url(s), '#(.*)$', 1);

CREATE MACRO double_digits(digits, whole, exponent) AS
    substring(rtrim(ltrim(digits, '0'), '0'), 1, 1) || '.'
    || CASE WHEN length(rtrim(ltrim(digits, '0'), '0')) > 1
            THEN substring(rtrim(ltrim(digits, '0'), '0'), 2) ELSE '0' END
    || 'E' || (exponent + whole - 1 - (length(digits) - length(ltrim(digits, '0'))));
CREATE MACRO positive_text(t) AS
    {schema}.double_digits(
        replace(split_part(t, 'e', 1), '.', ''),
        length(split_part(split_part(t, 'e', 1), '.', 1)),
        coalesce(TRY_CAST(nullif(split_part(t, 'e', 2), '') AS INTEGER), 0));
CREATE MACRO float_text(x) AS
    CASE WHEN isnan(x) THEN 'NaN' WHEN isinf(x) THEN if(x > 0, 'Infinity', '-Infinity')
         WHEN x = 0 THEN if(starts_with(CAST(x AS VARCHAR), '-'), '-0.0E0', '0.0E0')
         WHEN x < 0 THEN '-' || {schema}.positive_text(CAST(-x AS VARCHAR))
         ELSE {schema}.positive_text(CAST(x AS VARCHAR)) END;
CREATE MACRO real_text(x) AS
    CASE WHEN isnan(x) OR isinf(x) OR x = 0 THEN {schema}.float_text(x)
         WHEN x < 0 THEN '-' || {schema}.positive_text(format('{:.6e}', -CAST(x AS DOUBLE)))
         ELSE {schema}.positive_text(format('{:.6e}', CAST(x AS DOUBLE))) END;
CREATE MACRO json_text(j) AS
    CASE json_type(j)
        WHEN 'NULL' THEN NULL
        WHEN 'OBJECT' THEN error('A JSON object cannot be cast to varchar')
        WHEN 'ARRAY' THEN error('A JSON array cannot be cast to varchar')
        WHEN 'DOUBLE' THEN {schema}.float_text(TRY_CAST(json_extract_string(j, '$') AS DOUBLE))
        ELSE json_extract_string(j, '$') END;
CREATE MACRO interval_text(x) AS
    CASE WHEN date_part('year', x) <> 0 OR date_part('month', x) <> 0
         THEN if(date_part('year', x) * 12 + date_part('month', x) < 0, '-', '')
              || abs(date_part('year', x) * 12 + date_part('month', x)) // 12 || '-'
              || abs(date_part('year', x) * 12 + date_part('month', x)) % 12
         ELSE if(epoch_ms(x) < 0, '-', '') || abs(epoch_ms(x)) // 86400000 || ' '
              || lpad(CAST(abs(epoch_ms(x)) // 3600000 % 24 AS VARCHAR), 2, '0') || ':'
              || lpad(CAST(abs(epoch_ms(x)) // 60000 % 60 AS VARCHAR), 2, '0') || ':'
              || lpad(CAST(abs(epoch_ms(x)) // 1000 % 60 AS VARCHAR), 2, '0') || '.'
              || lpad(CAST(abs(epoch_ms(x)) % 1000 AS VARCHAR), 3, '0') END;
CREATE MACRO decimal_text(s) AS regexp_replace(s, '^(-?)\.', '\10.');
CREATE MACRO to_varchar(x) AS
    CASE typeof(x)
        WHEN 'DOUBLE' THEN {schema}.float_text(TRY_CAST(CAST(x AS VARCHAR) AS DOUBLE))
        WHEN 'FLOAT' THEN {schema}.real_text(TRY_CAST(CAST(x AS VARCHAR) AS FLOAT))
        WHEN 'INTERVAL' THEN {schema}.interval_text(TRY_CAST(CAST(x AS VARCHAR) AS INTERVAL))
        WHEN 'JSON' THEN {schema}.json_text(if(json_valid(CAST(x AS VARCHAR)), CAST(x AS VARCHAR), NULL))
        ELSE CASE WHEN starts_with(typeof(x), 'DECIMAL') THEN {schema}.decimal_text(CAST(x AS VARCHAR))
                  WHEN starts_with(typeof(x), 'TIME') OR ends_with(typeof(x), '[]')
                       OR ends_with(typeof(x), ')') OR typeof(x) = 'BLOB'
                  THEN error('refused: CAST AS VARCHAR of a value of this type')
                  ELSE CAST(x AS VARCHAR) END END;
CREATE MACRO to_varchar_of(x, n) AS
    CASE WHEN typeof(x) = 'VARCHAR' THEN substring(CAST(x AS VARCHAR), 1, n)
         WHEN length({schema}.to_varchar(x)) > n THEN error('The value does not fit into its varchar')
         ELSE {schema}.to_varchar(x) END;
CREATE MACRO array_join(a, separator) AS
    CASE WHEN separator IS NOT NULL
         THEN array_to_string(list_transform(a, lambda x: {schema}.to_varchar(x)), separator) END,
(a, separator, replacement) AS
    CASE WHEN separator IS NOT NULL
         THEN array_to_string(list_transform(a, lambda x: coalesce({schema}.to_varchar(x), replacement)), separator) END;
CREATE MACRO fitting(s, n) AS
    CASE WHEN length(s) > n THEN error('The value does not fit into its varchar') ELSE s END;
CREATE MACRO join_texts(a, separator) AS
    CASE WHEN separator IS NULL THEN NULL ELSE array_to_string(a, separator) END;
