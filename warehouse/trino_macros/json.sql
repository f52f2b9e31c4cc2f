-- JSON. A text that is no JSON has no parts.
CREATE MACRO valid_json(j) AS CASE WHEN json_valid(j) THEN j END;
CREATE MACRO typed_elements(j, kinds) AS
    list_filter(json_extract(CASE WHEN json_valid(j) THEN j ELSE '[]' END, '$[*]'),
                lambda e: list_contains(kinds, json_type(e)));
CREATE MACRO json_extract_scalar(j, path) AS
    CASE WHEN NOT json_valid(j) THEN NULL
         WHEN json_type(j, path) IN ('OBJECT', 'ARRAY') THEN NULL
         ELSE json_extract_string(j, path) END;
CREATE MACRO json_extract_part(j, path) AS
    CASE WHEN NOT json_valid(j) THEN NULL ELSE json_extract(j, path) END;
CREATE MACRO json_size(j, path) AS
    CASE json_type({schema}.valid_json(j), path)
         WHEN 'OBJECT' THEN len(json_keys({schema}.valid_json(j), path))
         WHEN 'ARRAY' THEN json_array_length({schema}.valid_json(j), path)
         ELSE if(json_type({schema}.valid_json(j), path) IS NULL, NULL, 0) END;
CREATE MACRO json_array_length(j) AS
    CASE WHEN json_type({schema}.valid_json(j)) = 'ARRAY' THEN json_array_length({schema}.valid_json(j)) END;
CREATE MACRO element_path(i) AS if(i < 0, '$[#-' || -i || ']', '$[' || i || ']');
CREATE MACRO json_array_get(j, i) AS
    CASE WHEN json_type({schema}.valid_json(j)) = 'ARRAY'
         THEN CASE json_type({schema}.valid_json(j), {schema}.element_path(i))
              WHEN 'NULL' THEN NULL
              WHEN 'VARCHAR' THEN json_extract_string({schema}.valid_json(j), {schema}.element_path(i))
              ELSE CAST(json_extract({schema}.valid_json(j), {schema}.element_path(i)) AS VARCHAR)
              END END;
CREATE MACRO json_array_contains(j, x VARCHAR) AS
    CASE WHEN json_type({schema}.valid_json(j)) = 'ARRAY' AND x IS NOT NULL
         THEN len(list_filter({schema}.typed_elements(j, ['VARCHAR']),
              lambda e: json_extract_string(e, '$') = x)) > 0 END,
(j, x BOOLEAN) AS
    CASE WHEN json_type({schema}.valid_json(j)) = 'ARRAY' AND x IS NOT NULL
         THEN len(list_filter({schema}.typed_elements(j, ['BOOLEAN']),
              lambda e: CAST(e AS VARCHAR) = CAST(x AS VARCHAR))) > 0 END,
(j, x BIGINT) AS
    CASE WHEN json_type({schema}.valid_json(j)) = 'ARRAY' AND x IS NOT NULL
         THEN len(list_filter({schema}.typed_elements(j, ['BIGINT', 'UBIGINT']),
              lambda e: CAST(e AS VARCHAR) = CAST(x AS VARCHAR))) > 0 END,
(j, x DOUBLE) AS
    CASE WHEN json_type({schema}.valid_json(j)) = 'ARRAY' AND x IS NOT NULL
         THEN len(list_filter({schema}.typed_elements(j, ['DOUBLE']),
              lambda e: TRY_CAST(CAST(e AS VARCHAR) AS DOUBLE) = x)) > 0 END;
CREATE MACRO json_number(x) AS
    CASE WHEN x IS NULL THEN NULL WHEN isfinite(x) THEN to_json(x)
         ELSE to_json(if(isnan(x), 'NaN', if(x > 0, 'Infinity', '-Infinity'))) END;
