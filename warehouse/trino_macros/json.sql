-- JSON. A text that is no JSON has no parts.
CREATE MACRO json_extract_scalar(j, path) AS
    CASE WHEN NOT json_valid(j) THEN NULL
         WHEN json_type(j, path) IN ('OBJECT', 'ARRAY') THEN NULL
         ELSE json_extract_string(j, path) END;
CREATE MACRO json_extract_part(j, path) AS
    CASE WHEN NOT json_valid(j) THEN NULL ELSE json_extract(j, path) END;
CREATE MACRO json_size(j, path) AS
    CASE WHEN NOT json_valid(j) THEN NULL
         ELSE CASE json_type(j, path)
              WHEN 'OBJECT' THEN len(json_keys(j, path)) WHEN 'ARRAY' THEN json_array_length(j, path)
              WHEN NULL THEN NULL ELSE if(json_type(j, path) IS NULL, NULL, 0) END END;
CREATE MACRO json_array_length(j) AS
    CASE WHEN json_valid(j) AND json_type(j) = 'ARRAY' THEN json_array_length(j) END;
CREATE MACRO json_array_get(j, i) AS
    CASE WHEN json_valid(j) AND json_type(j) = 'ARRAY'
         THEN CASE json_type(j, if(i < 0, '$[#-' || -i || ']', '$[' || i || ']'))
              WHEN 'NULL' THEN NULL
              WHEN 'VARCHAR' THEN json_extract_string(j, if(i < 0, '$[#-' || -i || ']', '$[' || i || ']'))
              ELSE CAST(json_extract(j, if(i < 0, '$[#-' || -i || ']', '$[' || i || ']')) AS VARCHAR)
              END END;
CREATE MACRO json_array_contains(j, x VARCHAR) AS
    CASE WHEN json_valid(j) AND json_type(j) = 'ARRAY' AND x IS NOT NULL
         THEN len(list_filter(json_extract(j, '$[*]'),
              lambda e: json_type(e) = 'VARCHAR' AND json_extract_string(e, '$') = x)) > 0 END,
(j, x BOOLEAN) AS
    CASE WHEN json_valid(j) AND json_type(j) = 'ARRAY' AND x IS NOT NULL
         THEN len(list_filter(json_extract(j, '$[*]'),
              lambda e: json_type(e) = 'BOOLEAN' AND CAST(json_extract_string(e, '$') AS BOOLEAN) = x)) > 0 END,
(j, x BIGINT) AS
    CASE WHEN json_valid(j) AND json_type(j) = 'ARRAY' AND x IS NOT NULL
         THEN len(list_filter(json_extract(j, '$[*]'),
              lambda e: json_type(e) IN ('BIGINT', 'UBIGINT') AND json_extract_string(e, '$') = CAST(x AS VARCHAR))) > 0 END,
(j, x DOUBLE) AS
    CASE WHEN json_valid(j) AND json_type(j) = 'ARRAY' AND x IS NOT NULL
         THEN len(list_filter(json_extract(j, '$[*]'),
              lambda e: json_type(e) = 'DOUBLE' AND CAST(json_extract_string(e, '$') AS DOUBLE) = x)) > 0 END;
CREATE MACRO json_number(x) AS
    CASE WHEN x IS NULL THEN NULL WHEN isfinite(x) THEN to_json(x)
         ELSE to_json(if(isnan(x), 'NaN', if(x > 0, 'Infinity', '-Infinity'))) END;
