"""Applies every rewrite to a typed tree."""

from collections.abc import Callable

from sqlglot import exp

from warehouse.athena_to_duckdb import (
    arrays,
    casts,
    comparisons,
    dates,
    documents,
    formats,
    macros,
    names,
    numbers,
    refused,
    texts,
    unnest,
    zones,
)

Rewrite = Callable[[exp.Expr], exp.Expr]

_TEMPORAL = (exp.Add, exp.Sub, exp.DateAdd, exp.DateSub)
_PARTS = (exp.Extract, exp.Hour, exp.Minute, exp.Second, exp.Day, exp.DayOfMonth, exp.Anonymous)
_PATTERNS = (
    exp.RegexpLike, exp.RegexpExtract, exp.RegexpExtractAll, exp.RegexpReplace, exp.RegexpCount,
    exp.RegexpSplit,
)  # fmt: skip
_REWRITES: tuple[tuple[Rewrite, tuple[type[exp.Expr], ...]], ...] = (
    (names.drop_implied_alias, (exp.Alias,)),
    (names.joined_columns_first, (exp.Select,)),
    (zones.zoned, (exp.Expr,)),
    (numbers.single_arithmetic, (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod)),
    (numbers.sign, (exp.Sign,)),
    (numbers.rounded, (exp.Round,)),
    (numbers.truncated, (exp.Trunc,)),
    (numbers.greatest_number, (exp.Max, exp.Filter, exp.Window)),
    (numbers.divide, (exp.Div,)),
    (numbers.sum_of_integers, (exp.Sum, exp.Filter, exp.Window)),
    (numbers.average_of_decimals, (exp.Avg, exp.Filter, exp.Window)),
    (numbers.shifted, (exp.Anonymous,)),
    (numbers.single_precision, (exp.AggFunc, exp.Filter, exp.Window)),
    (numbers.conditional_count, (exp.CountIf,)),
    (numbers.exact_distinct_count, (exp.ApproxDistinct,)),
    (numbers.exact_percentile, (exp.ApproxQuantile,)),
    (numbers.logarithm, (exp.Log,)),
    (numbers.random_number, (exp.Rand,)),
    (casts.cast, (exp.Cast,)),
    (dates.known_unit, (exp.DateDiff, exp.DateAdd, exp.DateSub, exp.TimestampTrunc, exp.DateTrunc)),
    (dates.date_arithmetic, _TEMPORAL),
    (dates.truncated_date, (exp.TimestampTrunc, exp.DateTrunc)),
    (dates.elapsed_units, (exp.DateDiff,)),
    (dates.extracted_part, _PARTS),
    (dates.zone_name, (exp.Anonymous,)),
    (dates.interval_span, (exp.Interval,)),
    (formats.formatted_time, (exp.TimeToStr, exp.StrToTime, exp.ParseDatetime, exp.Anonymous)),
    (texts.list_separator, (exp.GroupConcat,)),
    (texts.known_pattern, _PATTERNS),
    (texts.replacement_groups, (exp.RegexpReplace,)),
    (texts.numbered_group, (exp.RegexpExtract, exp.RegexpExtractAll)),
    (texts.part_of_text, (exp.Substring,)),
    (texts.split, (exp.Split, exp.SplitPart)),
    (texts.padded, (exp.Pad,)),
    (texts.trimmed, (exp.Trim,)),
    (texts.nth_position, (exp.StrPosition,)),
    (texts.length_of_bytes, (exp.Length,)),
    (texts.digest, (exp.SHA,)),
    (texts.type_name, (exp.Typeof,)),
    (texts.utf8_text, (exp.Decode,)),
    (texts.joined_texts, (exp.ConcatWs,)),
    (documents.json_part, (exp.JSONExtract, exp.JSONExtractScalar)),
    (documents.json_array_contains, (exp.JSONArrayContains,)),
    (documents.json_size, (exp.Anonymous,)),
    (documents.json_format, (exp.JSONFormat,)),
    (arrays.subscript, (exp.Bracket,)),
    (arrays.cardinality, (exp.ArraySize,)),
    (arrays.empty_map, (exp.Map,)),
    (arrays.sorted_array, (exp.ArraySort,)),
    (arrays.intersection, (exp.ArrayIntersect,)),
    (arrays.folded, (exp.Reduce,)),
    (arrays.lambda_function, (exp.Anonymous,)),
    (unnest.unnest, (exp.Unnest,)),
    (comparisons.compare, (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between)),
    (comparisons.null_safe, (exp.NullSafeEQ, exp.NullSafeNEQ)),
    (refused.refuse, (exp.ArrayContains, exp.ArrayRemove, exp.ArrayPosition)),
    (refused.refuse, (exp.Greatest, exp.Least)),
    (arrays.greatest, (exp.Greatest, exp.Least)),
    (arrays.concatenated_maps, (exp.Anonymous,)),
    (arrays.extreme, (exp.ArrayMax, exp.ArrayMin)),
    (macros.function_as_macro, (exp.Anonymous, *macros.MACRO_NODES)),
    (refused.refuse, (exp.Expr,)),
)


def rewrite(tree: exp.Expr) -> exp.Expr:
    """Returns the tree, changed in place so that DuckDB computes what Athena would.

    Needs `annotate_types` to have run. Each node is seen once, its children first.
    """
    for node in reversed(list(tree.walk(bfs=False))):
        parent, key, index = node.parent, node.arg_key, node.index
        replacement = _rewritten(node)
        if replacement is not node:
            replacement.parent = None
            replacement.type = replacement.type or node.type
            if parent is None or key is None:
                tree = replacement
            else:
                parent.set(key, replacement, index)
    return tree


def _rewritten(node: exp.Expr) -> exp.Expr:
    """Applies the steps of the node's class until one puts another node in its place."""
    kind = type(node)
    if kind not in _STEPS:
        _STEPS[kind] = tuple(step for step, kinds in _REWRITES if issubclass(kind, kinds))
    for step in _STEPS[kind]:
        replacement = step(node)
        if replacement is not node:
            return replacement
    return node


_STEPS: dict[type[exp.Expr], tuple[Rewrite, ...]] = {}
"""The steps of each class of nodes met so far."""
