import random
from collections.abc import Callable
from itertools import count, islice
from pathlib import Path
from textwrap import wrap

import duckdb
import orjson
import pytest

from context_store.access_policy import derive_policy, open_policy
from context_store.build_context import BuiltContext, build_context
from context_store.pii_names import pii_kind_of_name
from context_store.store import ContextStore
from domain.column_type import TypeFamily
from domain.dictionary import PiiKind
from settings.settings import Settings
from tests.context_store.conftest import Build
from warehouse.open_warehouse import open_warehouse


def pii_of(built: BuiltContext) -> dict[tuple[str, str], PiiKind]:
    return {
        (table.name, column.name): column.pii
        for table in built.dictionary.tables
        for column in table.columns
        if column.pii is not None
    }


def test_pii_is_found_by_name_and_by_shape(built: BuiltContext) -> None:
    assert pii_of(built) == {
        ("customers", "name"): PiiKind.NAME,
        ("customers", "email"): PiiKind.EMAIL,
        ("customers", "contact"): PiiKind.PHONE,
        ("orders", "memo"): PiiKind.FREE_TEXT,
    }


def test_no_value_of_a_person_is_stored(built: BuiltContext, tmp_path: Path) -> None:
    ContextStore(tmp_path).save(built.dictionary, built.values)
    stored = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"Uttar Pradesh" in stored
    for secret in (b"asha", b"Asha", b"mail.example", b"call me"):
        assert secret not in stored


async def test_with_detection_off_values_are_indexed(build: Build) -> None:
    built = await build(None, False)
    assert pii_of(built) == {}
    assert "Asha Person7" in built.values["customers"]["name"]


def test_policy_denies_pii_and_listings_of_persons(built: BuiltContext) -> None:
    policy = derive_policy(built.dictionary)
    assert policy.denied_columns == {
        "customers": frozenset({"name", "email", "contact"}),
        "orders": frozenset({"memo"}),
    }
    assert policy.person_keys == {"customers": "customer_id", "orders": "customer_id"}
    assert policy.person_tables == {"customers", "orders"}
    assert open_policy().denied_columns == {}


@pytest.mark.parametrize(
    ("column", "table", "of_persons", "kind"),
    [
        ("name", "airports", False, None),
        ("name", "customers", True, PiiKind.NAME),
        ("customer_name", "orders", False, PiiKind.NAME),
        ("product_name", "customers", True, None),
        ("lastName", "anything", False, PiiKind.NAME),
        ("Email_Address", "suppliers", False, PiiKind.EMAIL),
        ("phone_model", "devices", False, None),
        ("mobile_no", "devices", False, PiiKind.PHONE),
        ("pan", "kyc", False, PiiKind.IDENTIFIER),
        ("pan_india_flag", "campaigns", False, None),
        ("aadhaar_number", "kyc", False, PiiKind.IDENTIFIER),
        ("client_ip", "requests", False, PiiKind.IP_ADDRESS),
        ("ip_address", "requests", False, PiiKind.IP_ADDRESS),
        ("advertising_id", "devices", False, PiiKind.DEVICE),
        ("imei", "devices", False, PiiKind.DEVICE),
        ("street_address", "stores", False, None),
        ("street_address", "customers", True, PiiKind.ADDRESS),
        ("company_name", "campaigns", False, None),
        ("trip_id", "trips", False, None),
    ],
)
def test_names_of_personal_columns(
    column: str, table: str, of_persons: bool, kind: PiiKind | None
) -> None:
    assert pii_kind_of_name(column, table, TypeFamily.TEXT, of_persons) is kind


def test_stored_values_are_plain_json(built: BuiltContext) -> None:
    assert orjson.loads(orjson.dumps(built.values)) == built.values


_SHAPES = """
CREATE TABLE panel_members AS SELECT
    i AS member_id,
    chr(65 + (i % 26)::INT) || 'BCPK' || lpad((i * 37 % 10000)::VARCHAR, 4, '0') || 'Z' AS c1,
    '10.0.' || i % 256 || '.' || i % 200 AS c4,
    'fe80:0:0:0:a' || i % 10 || ':b:c:' || i % 99 AS c5,
    '00:1b:44:11:3a:' || lpad((i % 90 + 10)::VARCHAR, 2, '0') AS c6,
    '35' || lpad((i * 7919)::VARCHAR, 13, '0') AS c7,
    'user' || i || '@okbank' AS c8,
    ['Asha Rao', 'Vikram Singh', 'Neha', 'Mr. Arjun Das', 'Zed Q'][1 + i % 5] AS c9,
    'please call ' || (9000000000 + i) || ' after six' AS c10,
    350000000000000 + i * 7919 AS c11,
    ['Android 14', 'iOS 18', 'KaiOS'][1 + i % 3] AS c12,
    'INV' || (9000000000 + i) AS c13
FROM range(500) t(i);
CREATE TABLE titles AS SELECT i AS title_id, ['Asha', 'Maria', 'Neha', 'Kiran'][1 + i % 4] AS film
FROM range(100) t(i);
"""


_TURNED = ("0123456789", "1576283094")
_PRODUCT = (
    "0123456789123406789523401789563401289567401239567859876043216598710432765982104387659321049"
    "876543210"
)


def has_verhoeff(number: str) -> bool:
    product, turned = 0, _TURNED[0]
    for digit in reversed(number):
        product = int(_PRODUCT[10 * product + int(turned[int(digit)])])
        turned = "".join(_TURNED[1][int(one)] for one in turned)
    return product == 0


def has_luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    twice = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(twice)) % 10 == 0


def numbers(low: int, high: int, is_valid: Callable[[str], bool]) -> list[str]:
    chance = random.Random(5)  # noqa: S311 no secret
    drawn = (str(chance.randint(low, high)) for _ in count())
    return list(islice(filter(is_valid, drawn), 300))


async def test_check_digits_tell_cards_and_aadhaar_from_other_long_numbers(tmp_path: Path) -> None:
    assert has_verhoeff("234123412346")
    assert has_luhn("4111111111111111")
    any_number: Callable[[str], bool] = bool
    aadhaar, card = (2 * 10**11, 10**12 - 1), (4 * 10**15, 6 * 10**15)
    columns = {
        "c1": numbers(*aadhaar, has_verhoeff),
        "c2": [f"{n[:4]} {n[4:8]} {n[8:]}" for n in numbers(*aadhaar, has_verhoeff)],
        "c3": ["-".join(wrap(n, 4)) for n in numbers(*card, has_luhn)],
        "c4": numbers(*card, has_luhn),
        "entry_a": numbers(*aadhaar, any_number),
        "entry_b": numbers(*card, any_number),
        "entry_c": numbers(*aadhaar, any_number),
        "entry_d": numbers(*card, any_number),
        "aadhaar_number": numbers(*aadhaar, any_number),
        "card_number": numbers(*card, any_number),
    }
    whole = {"c1", "c4", "entry_a", "entry_b"}
    file = tmp_path / "numbers.duckdb"
    with duckdb.connect(str(file)) as connection:
        types = ", ".join(f"{n} {'BIGINT' if n in whole else 'VARCHAR'}" for n in columns)
        connection.execute(f"CREATE TABLE ledger ({types})")
        marks = ", ".join("?" for _ in columns)
        rows = list(zip(*columns.values(), strict=True))
        connection.executemany(f"INSERT INTO ledger VALUES ({marks})", rows)
    warehouse = open_warehouse(f"duckdb:///{file}", Settings(), None)
    built = await build_context(warehouse, source_name="numbers")
    await warehouse.close()
    found = {column for (_, column), kind in pii_of(built).items() if kind is PiiKind.IDENTIFIER}
    assert found == {"c1", "c2", "c3", "c4", "aadhaar_number", "card_number"}


async def test_shapes_of_personal_values_under_names_that_say_nothing(tmp_path: Path) -> None:
    file = tmp_path / "shapes.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(_SHAPES)
    warehouse = open_warehouse(f"duckdb:///{file}", Settings(), None)
    built = await build_context(warehouse, source_name="shapes")
    await warehouse.close()
    found = {column: kind for (_, column), kind in pii_of(built).items()}
    assert found == {
        "c1": PiiKind.IDENTIFIER,
        "c4": PiiKind.IP_ADDRESS,
        "c5": PiiKind.IP_ADDRESS,
        "c6": PiiKind.DEVICE,
        "c7": PiiKind.DEVICE,
        "c8": PiiKind.IDENTIFIER,
        "c9": PiiKind.NAME,
        "c10": PiiKind.FREE_TEXT,
        "c11": PiiKind.DEVICE,
    }
