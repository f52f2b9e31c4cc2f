"""JSON: scalars alone have a text, and a text that is no JSON has no parts."""

from sqlglot import exp

from domain.errors import RepairableError
from warehouse.athena_to_duckdb.macros import macro
from warehouse.query_errors import refusal


def json_part(node: exp.Expr) -> exp.Expr:
    """`json_extract_scalar` of an object or an array is NULL."""
    if not isinstance(node, exp.JSONExtract | exp.JSONExtractScalar):
        return node
    if node.args.get("json_query") or node.args.get("expressions"):
        raise refusal("json_query()")
    path = node.expression
    if isinstance(path, exp.JSONPath):
        if path.find(exp.JSONPathWildcard, exp.JSONPathRecursive, exp.JSONPathFilter):
            raise refusal("A JSON path with a wildcard")
        path = exp.Literal.string(path.sql("duckdb").strip("'"))
    is_scalar = isinstance(node, exp.JSONExtractScalar)
    return macro("json_extract_scalar" if is_scalar else "json_extract_part", node.this, path)


def json_array_contains(node: exp.Expr) -> exp.Expr:
    """`json_array_contains` compares with the elements of the value's own type."""
    if not isinstance(node, exp.JSONArrayContains):
        return node
    array, value = node.this, node.expression
    if isinstance(array, exp.Null):
        return exp.null()
    return macro("json_array_contains", array, value)


def json_size(node: exp.Expr) -> exp.Expr:
    """A path of `json_size` begins with `$`."""
    if isinstance(node, exp.Anonymous) and node.name.lower() == "json_size":
        path = node.expressions[-1]
        if path.is_string and not path.name.startswith("$"):
            raise RepairableError(
                f"Invalid JSON path: {path.name!r}.", rule="invalid_function_argument"
            )
    return node


def json_format(node: exp.Expr) -> exp.Expr:
    """`json_format` prints JSON as it is."""
    if isinstance(node, exp.JSONFormat):
        return exp.cast(node.this, "VARCHAR")
    return node
