-- Arrays and maps. Trino's lists keep the order of their elements, and NULL is an element.
CREATE MACRO has_null(a) AS len(a) > list_count(a);
CREATE MACRO array_distinct(a) AS list_filter(a, lambda x, i: list_position(a, x) = i);
CREATE MACRO array_except(a, b) AS
    CASE WHEN a IS NULL OR b IS NULL THEN NULL
         ELSE list_filter(a, lambda x, i: list_position(a, x) = i AND list_position(b, x) IS NULL) END;
CREATE MACRO array_intersect(a, b) AS
    CASE WHEN a IS NULL OR b IS NULL THEN NULL
         ELSE list_filter(a, lambda x, i: list_position(a, x) = i AND list_position(b, x) IS NOT NULL) END;
CREATE MACRO array_union(a, b) AS
    CASE WHEN a IS NULL OR b IS NULL THEN NULL
         ELSE {schema}.array_distinct(list_concat(a, b)) END;
CREATE MACRO array_remove(a, x) AS
    CASE WHEN x IS NULL THEN NULL ELSE list_filter(a, lambda e: e IS NULL OR e <> x) END;
CREATE MACRO array_position(a, x) AS
    CASE WHEN a IS NULL OR x IS NULL THEN NULL ELSE coalesce(list_position(a, x), 0) END;
CREATE MACRO array_contains(a, x) AS
    CASE WHEN a IS NULL OR x IS NULL THEN NULL WHEN list_position(a, x) IS NOT NULL THEN true
         WHEN {schema}.has_null(a) THEN NULL ELSE false END;
CREATE MACRO arrays_overlap(a, b) AS
    CASE WHEN a IS NULL OR b IS NULL THEN NULL
         WHEN len(list_filter(a, lambda x: x IS NOT NULL AND list_position(b, x) IS NOT NULL)) > 0
         THEN true
         WHEN len(a) > 0 AND len(b) > 0 AND ({schema}.has_null(a) OR {schema}.has_null(b)) THEN NULL
         ELSE false END;
CREATE MACRO array_min(a) AS
    CASE WHEN {schema}.has_null(a) THEN NULL ELSE list_min(a) END;
CREATE MACRO array_max(a) AS
    CASE WHEN {schema}.has_null(a) THEN NULL ELSE list_max(a) END;
CREATE MACRO array_max_double(a) AS
    CASE WHEN {schema}.has_null(a) THEN NULL
         ELSE coalesce(list_max(list_filter(a, lambda x: NOT isnan(x))), list_max(a)) END;
CREATE MACRO array_min_double(a) AS
    CASE WHEN {schema}.has_null(a) THEN NULL
         ELSE coalesce(list_min(list_filter(a, lambda x: NOT isnan(x))), list_min(a)) END;
CREATE MACRO any_true(a) AS
    CASE WHEN a IS NULL THEN NULL WHEN list_position(a, true) IS NOT NULL THEN true
         WHEN {schema}.has_null(a) THEN NULL ELSE false END;
CREATE MACRO all_true(a) AS
    CASE WHEN a IS NULL THEN NULL WHEN list_position(a, false) IS NOT NULL THEN false
         WHEN {schema}.has_null(a) THEN NULL ELSE true END;
CREATE MACRO subscript(a, i) AS
    CASE WHEN i < 1 OR i > len(a) THEN error('The index is outside of the array') ELSE a[i] END;
CREATE MACRO element_at(a, i) AS
    CASE WHEN i = 0 THEN error('Array indices begin with 1') ELSE a[i] END;
CREATE MACRO map_subscript(m, k) AS
    CASE WHEN m IS NULL OR k IS NULL THEN NULL
         WHEN list_position(map_keys(m), k) IS NULL THEN error('The key is not in the map')
         ELSE m[k] END;
CREATE MACRO slice(a, i, n) AS
    CASE WHEN i = 0 THEN error('Array indices begin with 1')
         WHEN n < 0 THEN error('The length of slice() may not be negative')
         WHEN a IS NULL OR i IS NULL OR n IS NULL THEN NULL
         WHEN n = 0 OR i < -len(a) THEN a[1:0]
         WHEN i > 0 THEN a[i:i + n - 1]
         ELSE a[len(a) + i + 1:len(a) + i + n] END;
CREATE MACRO trim_array(a, n) AS
    CASE WHEN n < 0 OR n > len(a) THEN error('trim_array() cannot remove so many elements')
         ELSE a[1:len(a) - n] END;
CREATE MACRO repeat_element(x, n) AS
    CASE WHEN n < 0 OR n > 10000 THEN error('The count of repeat() is out of range')
         ELSE list_transform(range(n), lambda i: x) END;
CREATE MACRO ngrams(a, n) AS
    CASE WHEN n < 1 THEN error('The size of ngrams() must be positive')
         WHEN len(a) <= n THEN [a]
         ELSE list_transform(range(1, len(a) - n + 2), lambda i: a[i:i + n - 1]) END;
CREATE MACRO reverse_any(x VARCHAR) AS reverse(x), (x) AS list_reverse(x);
CREATE MACRO bounded(a) AS
    CASE WHEN len(a) > 10000 THEN error('sequence() may not give more than 10000 values') ELSE a END;
CREATE MACRO step_fits(a, b, step) AS
    CASE WHEN (b > a AND step < 0) OR (b < a AND step > 0) OR step = 0
         THEN error('The step of sequence() leads away from its end') ELSE step END;
CREATE MACRO day_step(a, b, i) AS
    CASE WHEN (b > a AND a + i <= a) OR (b < a AND a + i >= a)
         THEN error('The step of sequence() leads away from its end') ELSE i END;
CREATE MACRO sequence(a BIGINT, b BIGINT) AS
    {schema}.bounded(generate_series(a, b, if(b >= a, 1, -1))),
(a BIGINT, b BIGINT, step BIGINT) AS
    {schema}.bounded(generate_series(a, b, {schema}.step_fits(a, b, step))),
(a DATE, b DATE) AS
    {schema}.bounded(CAST(generate_series(a, b, if(b >= a, INTERVAL 1 DAY, INTERVAL (-1) DAY)) AS DATE[])),
(a DATE, b DATE, i INTERVAL) AS
    {schema}.bounded(CAST(generate_series(a, b, {schema}.day_step(a, b, i)) AS DATE[])),
(a TIMESTAMP, b TIMESTAMP, i INTERVAL) AS
    {schema}.bounded(generate_series(a, b, {schema}.day_step(a, b, i)));
CREATE MACRO map_agg(k, v) AS map_from_entries(list({'key': k, 'value': v}) FILTER (WHERE k IS NOT NULL));
CREATE MACRO split_to_map(s, d, kv) AS
    map_from_entries(list_transform(if(s = '', [], string_split(s, d)), lambda e:
        CASE WHEN len(string_split(e, kv)) <> 2
             THEN error('Every entry of split_to_map() needs one key and one value')
             ELSE {'key': string_split(e, kv)[1], 'value': string_split(e, kv)[2]} END));
CREATE MACRO equal_arrays(a, b) AS
    CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN len(a) <> len(b) THEN false
         ELSE {schema}.all_true(list_transform(a, lambda x, i: x = b[i])) END;
CREATE MACRO without_nulls(a) AS
    CASE WHEN {schema}.has_null(a) THEN error('refused: An ordering of arrays that hold NULL') ELSE a END;
CREATE MACRO dot_product(a, b) AS list_inner_product(CAST(a AS DOUBLE[]), CAST(b AS DOUBLE[]));
