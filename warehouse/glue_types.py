"""Types of the Glue catalog (Hive's words) as Athena's SQL names them."""

from collections.abc import Iterator

_ATHENA_NAME = {
    "string": "varchar",
    "int": "integer",
    "float": "real",
    "binary": "varbinary",
    "timestamp": "timestamp(3)",
}


def athena_type_of(glue_type: str) -> str:
    """Returns the Athena type of, say, `struct<id:bigint,tags:array<string>>`."""
    text = glue_type.strip().lower()
    name, opened, rest = text.partition("<")
    if not opened:
        return _ATHENA_NAME.get(text, text)
    inner = list(_split(rest.removesuffix(">")))
    if name == "struct":
        fields = (part.partition(":") for part in inner)
        return f"row({', '.join(f'{f.strip()} {athena_type_of(t)}' for f, _, t in fields)})"
    return f"{name}({', '.join(athena_type_of(part) for part in inner)})"


def glue_type_of(athena_type: str) -> str:
    """Returns the Glue type of an Athena type; the reverse of `athena_type_of`."""
    text = athena_type.strip().lower()
    name, opened, rest = text.partition("(")
    if name in ("array", "map"):
        inner = ",".join(glue_type_of(part) for part in _split(rest.removesuffix(")")))
        return f"{name}<{inner}>"
    if name == "row":
        fields = (part.split(" ", 1) for part in _split(rest.removesuffix(")")))
        return f"struct<{','.join(f'{f}:{glue_type_of(t)}' for f, t in fields)}>"
    if name.startswith("timestamp"):
        return "timestamp"
    plain = {"varchar": "string", "integer": "int", "real": "float", "varbinary": "binary"}
    return plain.get(name, text if opened else name)


def _split(text: str) -> Iterator[str]:
    """Yields the parts between the commas of the outermost level."""
    depth, start = 0, 0
    for position, letter in enumerate(text):
        depth += (letter in "<(") - (letter in ">)")
        if letter == "," and depth == 0:
            yield text[start:position].strip()
            start = position + 1
    if text[start:].strip():
        yield text[start:].strip()
