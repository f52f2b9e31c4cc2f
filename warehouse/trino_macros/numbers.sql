-- Numbers.
CREATE MACRO nan() AS CAST('NaN' AS DOUBLE);
CREATE MACRO infinity() AS CAST('Infinity' AS DOUBLE);
CREATE MACRO euler() AS exp(1e0);
CREATE MACRO square_root(x) AS CASE WHEN x < 0 THEN {schema}.nan() ELSE sqrt(x) END;
CREATE MACRO natural_log(x) AS
    CASE WHEN x IS NULL THEN NULL WHEN x > 0 THEN ln(x) WHEN x = 0 THEN -{schema}.infinity()
         ELSE {schema}.nan() END;
CREATE MACRO log_2(x) AS
    CASE WHEN x IS NULL THEN NULL WHEN x > 0 THEN log2(x) WHEN x = 0 THEN -{schema}.infinity()
         ELSE {schema}.nan() END;
CREATE MACRO log_10(x) AS
    CASE WHEN x IS NULL THEN NULL WHEN x > 0 THEN log10(x) WHEN x = 0 THEN -{schema}.infinity()
         ELSE {schema}.nan() END;
CREATE MACRO log_of(base, x) AS {schema}.natural_log(x) / {schema}.natural_log(base);
CREATE MACRO quotient(n, d) AS
    CASE WHEN n IS NULL OR d IS NULL THEN NULL
         ELSE (2 * abs(n) + abs(d)) // (2 * abs(d)) * sign(n) * sign(d) END;
CREATE MACRO to_base(x, radix) AS
    CASE WHEN x < 0 THEN '-' || lower(to_base(-x, CAST(radix AS INTEGER)))
         ELSE lower(to_base(x, CAST(radix AS INTEGER))) END;
CREATE MACRO digit_values(s, radix) AS
    list_transform(string_split(lower(ltrim(s, '-')), ''), lambda c:
        CASE WHEN strpos('0123456789abcdefghijklmnopqrstuvwxyz', c) BETWEEN 1 AND radix
             THEN CAST(strpos('0123456789abcdefghijklmnopqrstuvwxyz', c) - 1 AS HUGEINT)
             ELSE error('from_base() of a text that is no number of this radix') END);
CREATE MACRO from_base(s, radix) AS
    CASE WHEN radix NOT BETWEEN 2 AND 36 THEN error('The radix of from_base() must be 2 to 36')
         WHEN s IS NULL OR radix IS NULL THEN NULL
         WHEN ltrim(s, '-') = '' OR starts_with(s, '--') THEN error('from_base() of a text that is no number')
         ELSE CAST(list_reduce({schema}.digit_values(s, radix), lambda a, d: a * radix + d)
              * if(starts_with(s, '-'), -1, 1) AS BIGINT) END;
CREATE MACRO width_bucket(x, bins) AS
    CASE WHEN len(bins) = 0 THEN error('width_bucket() needs bins')
         WHEN list_sort(bins) <> bins THEN error('The bins of width_bucket() must be sorted')
         WHEN isnan(x) THEN error('width_bucket() of NaN')
         ELSE len(list_filter(bins, lambda b: b <= x)) END,
(x, low, high, n) AS
    CASE WHEN n <= 0 THEN error('width_bucket() needs a positive number of buckets')
         WHEN low = high THEN error('The bounds of width_bucket() must differ')
         WHEN isnan(x) OR NOT isfinite(low) OR NOT isfinite(high)
         THEN error('The bounds of width_bucket() must be finite')
         WHEN low < high AND x < low OR low > high AND x > low THEN 0
         WHEN low < high AND x >= high OR low > high AND x <= high THEN n + 1
         ELSE CAST(floor(CAST(n AS DOUBLE) * (x - low) / (high - low)) AS BIGINT) + 1 END;
CREATE MACRO bits_set(x, bits) AS
    CASE WHEN bits < 2 OR bits > 64 THEN error('bit_count() takes 2 to 64 bits')
         WHEN bits = 64 THEN bit_count(CAST(x AS BIGINT))
         WHEN x >= CAST(1 AS HUGEINT) << (bits - 1) OR x < -(CAST(1 AS HUGEINT) << (bits - 1))
         THEN error('The number does not fit into the bits')
         ELSE bit_count(if(x < 0, CAST(x AS HUGEINT) + (CAST(1 AS HUGEINT) << bits), CAST(x AS HUGEINT))) END;
CREATE MACRO power_of_two(n) AS CAST(1 AS HUGEINT) << CAST(n AS INTEGER);
CREATE MACRO unsigned(x, bits) AS
    if(x < 0, CAST(x AS HUGEINT) + {schema}.power_of_two(bits), CAST(x AS HUGEINT));
CREATE MACRO signed(x, bits) AS
    CAST(if(x >= {schema}.power_of_two(bits - 1), x - {schema}.power_of_two(bits), x) AS BIGINT);
CREATE MACRO floor_quotient(n, d) AS n // d - if(n % d < 0, 1, 0);
CREATE MACRO within(n, bits) AS CAST(least(greatest(n, 0), bits) AS INTEGER);
-- Java takes the last six bits of a negative count.
CREATE MACRO shift_count(n) AS if(n < 0, (n % 64 + 64) % 64, n);
CREATE MACRO left_by(x, n, bits) AS
    CASE WHEN n IS NULL OR x IS NULL THEN NULL WHEN n >= bits THEN 0
         ELSE {schema}.signed({schema}.unsigned(x, bits)
              % {schema}.power_of_two(bits - {schema}.within(n, bits))
              * {schema}.power_of_two({schema}.within(n, bits - 1)), bits) END;
CREATE MACRO right_by(x, n, bits) AS
    CASE WHEN n IS NULL OR x IS NULL THEN NULL WHEN n >= bits THEN 0
         ELSE {schema}.signed({schema}.unsigned(x, bits)
              // {schema}.power_of_two({schema}.within(n, bits)), bits) END;
CREATE MACRO arithmetic_by(x, n) AS
    CASE WHEN n IS NULL OR x IS NULL THEN NULL
         WHEN n >= 63 THEN if(x < 0, -1, 0)
         ELSE CAST({schema}.floor_quotient(CAST(x AS HUGEINT), {schema}.power_of_two({schema}.within(n, 63))) AS BIGINT) END;
CREATE MACRO shift_left(x, n, bits) AS {schema}.left_by(x, {schema}.shift_count(n), bits);
CREATE MACRO shift_right(x, n, bits) AS {schema}.right_by(x, {schema}.shift_count(n), bits);
CREATE MACRO shift_right_arithmetic(x, n, bits) AS
    {schema}.arithmetic_by(x, {schema}.shift_count(n));
CREATE MACRO geometric_mean(x) AS exp(avg(ln(x)));
CREATE MACRO skewness(x) AS
    CASE WHEN count(x) > 2
         THEN skewness(x) * (count(x) - 2) / sqrt(CAST(count(x) AS DOUBLE) * (count(x) - 1)) END;
CREATE MACRO sign_of(x) AS CASE WHEN isnan(x) THEN x ELSE sign(x) END;
CREATE MACRO finite(x) AS CASE WHEN isfinite(x) THEN x END;
CREATE MACRO every(x) AS bool_and(x);
CREATE MACRO whole(x) AS
    CASE WHEN typeof(x) IN ('DOUBLE', 'FLOAT')
         THEN CAST(round(TRY_CAST(CAST(x AS VARCHAR) AS DOUBLE)) AS VARCHAR)
         ELSE CAST(x AS VARCHAR) END;
CREATE MACRO random_between(low, high) AS
    CASE WHEN high <= low THEN error('The bound of random() must be above its start')
         ELSE CAST(floor(random() * (high - low)) AS BIGINT) + low END;
