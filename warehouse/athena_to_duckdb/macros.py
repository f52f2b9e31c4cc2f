"""Functions that become a macro of ours, by sqlglot's node or by Trino's name."""

from sqlglot import exp

from warehouse.trino_macros.attach import SCHEMA

_BY_NODE: dict[type[exp.Expr], tuple[str, tuple[str, ...]]] = {
    exp.ArrayContains: ("array_contains", ("this", "expression")),
    exp.ArrayDistinct: ("array_distinct", ("this",)),
    exp.ArrayExcept: ("array_except", ("this", "expression")),
    exp.ArrayMax: ("array_max", ("this",)),
    exp.ArrayMin: ("array_min", ("this",)),
    exp.ArrayPosition: ("array_position", ("this", "expression")),
    exp.ArrayRemove: ("array_remove", ("this", "expression")),
    exp.ArraySlice: ("slice", ("this", "start", "end")),
    exp.ArrayToString: ("array_join", ("this", "expression", "null")),
    exp.DotProduct: ("dot_product", ("this", "expression")),
    exp.FromBase: ("from_base", ("this", "expression")),
    exp.FromISO8601Timestamp: ("from_iso8601_timestamp", ("this",)),
    exp.GenerateSeries: ("sequence", ("start", "end", "step")),
    exp.Levenshtein: ("levenshtein_distance", ("this", "expression")),
    exp.Ln: ("natural_log", ("this",)),
    exp.RegexpCount: ("regexp_count_matches", ("this", "expression")),
    exp.RegexpExtract: ("regexp_extract_part", ("this", "expression", "group")),
    exp.RegexpSplit: ("regexp_split", ("this", "expression")),
    exp.Repeat: ("repeat_element", ("this", "times")),
    exp.Reverse: ("reverse_any", ("this",)),
    exp.Skewness: ("skewness", ("this",)),
    exp.Sqrt: ("square_root", ("this",)),
    exp.StrToMap: ("split_to_map", ("this", "pair_delim", "key_value_delim")),
    exp.Unhex: ("from_hex", ("this",)),
    exp.WidthBucket: ("width_bucket", ("this", "min_value", "max_value", "num_buckets")),
}
_BY_NAME = {
    name: name
    for name in (
        "array_union", "arrays_overlap", "codepoint", "dot_product", "every", "geometric_mean",
        "hamming_distance", "infinity", "json_array_contains", "json_array_get",
        "json_array_length", "json_size", "map_agg", "nan", "ngrams", "regexp_position",
        "to_base", "trim_array", "url_extract_fragment", "url_extract_host", "url_extract_path",
        "url_decode", "url_encode", "url_extract_port", "url_extract_protocol", "url_extract_query",
    )
} | {"bit_count": "bits_set", "e": "euler"}  # fmt: skip
_ARITY = {"json_array_length": 1, "regexp_position": 2}
SAME_FUNCTIONS = frozenset({
    "atan2", "bit_and", "bit_or", "bool_or", "cardinality", "date_part", "date_sub", "datesub",
    "degrees", "divide", "histogram", "isfinite", "isinf", "json_keys", "kurtosis",
    "list_extract", "map_concat", "map_entries", "map_values", "quantile_disc", "radians",
    "regexp_matches", "strftime", "string_split", "grouping",
    "regr_avgx", "regr_avgy", "regr_count", "regr_r2", "regr_sxx", "regr_sxy", "regr_syy",
})  # fmt: skip
"""Trino's functions that sqlglot has no node for and that DuckDB computes the same."""
_OTHER_NAMES = {"is_finite": "isfinite", "is_infinite": "isinf"}


def macro(name: str, *arguments: exp.Expr) -> exp.Anonymous:
    """Returns a call of one of our macros."""
    return exp.Anonymous(this=f"{SCHEMA}.{name}", expressions=list(arguments))


def function_as_macro(node: exp.Expr) -> exp.Expr:
    """A function that DuckDB lacks or computes otherwise is a macro."""
    if isinstance(node, exp.Anonymous):
        name = node.name.lower()
        if name in _OTHER_NAMES:
            node.set("this", _OTHER_NAMES[name])
        known = _BY_NAME.get(name)
        fits = _ARITY.get(name) in (None, len(node.expressions))
        return macro(known, *node.expressions) if known and fits else node
    known_node = _BY_NODE.get(type(node))
    if known_node is None:
        return node
    name, keys = known_node
    return macro(name, *(node.args[key] for key in keys if node.args.get(key) is not None))


MACRO_NODES = tuple(_BY_NODE)
