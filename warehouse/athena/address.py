"""What an `athena://` URL says."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from domain.errors import OperatorError

_NUMBERS = ("reuse_minutes", "concurrency")
_DEFAULT_CONCURRENCY = 20
"""The least that Athena allows an account at once, in any region."""


@dataclass(frozen=True, slots=True)
class AthenaAddress:
    """Where statements run. Credentials are boto3's to find, never the URL's."""

    region: str | None = None
    workgroup: str = "primary"
    catalog: str = "awsdatacatalog"
    database: str = "default"
    output: str = ""
    """`s3://bucket/folder/`; empty: the workgroup says."""
    endpoint: str | None = None
    """Another address of every AWS service, such as that of `vtion dev athena`."""
    reuse_minutes: int = 0
    """Age up to which Athena may answer from an earlier result; 0: never."""
    concurrency: int = _DEFAULT_CONCURRENCY


def parse_address(url: str) -> AthenaAddress:
    """Reads `athena://?region=&workgroup=&catalog=&database=&...`.

    Raises OperatorError for a name that is not one of the address's, or a number that is none.
    """
    given = dict(parse_qsl(urlsplit(url).query, keep_blank_values=False))
    known = AthenaAddress.__dataclass_fields__
    unknown = sorted(given.keys() - known)
    if unknown:
        raise OperatorError(
            f"VTION_WAREHOUSE has an unknown part: {', '.join(unknown)}.",
            f"Athena's are: {', '.join(known)}.",
        )
    numbers = {name: _whole_number(name, given.pop(name)) for name in _NUMBERS if name in given}
    return AthenaAddress(**given, **numbers)  # type: ignore[arg-type]  # names were checked


def _whole_number(name: str, text: str) -> int:
    if not text.isdigit():
        raise OperatorError(f"VTION_WAREHOUSE: {name} must be a whole number, not {text!r}.")
    return int(text)
