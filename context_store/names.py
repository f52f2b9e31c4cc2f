"""Words inside identifiers: `deptName`, `DEPT_NAME` and `dept name` all read `department name`."""

import re
from functools import lru_cache


def word_set(text: str) -> frozenset[str]:
    """Returns the words of a text with blanks between them."""
    return frozenset(text.split())


_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_WORDS_ENDING_IN_ID = word_set(
    "paid valid invalid grid fluid said avid bid mid kid lid aid did hid rid android asteroid "
    "rapid solid hybrid humid liquid unpaid prepaid postpaid acid covid ovoid druid squid "
    "madrid guid uuid void avoid"
)
_IRREGULAR_SINGULARS = {
    "people": "person",
    "children": "child",
    "men": "man",
    "women": "woman",
    "data": "data",
    "series": "series",
    "news": "news",
    "movies": "movie",
    "species": "species",
    "status": "status",
    "address": "address",
    "analysis": "analysis",
    "indices": "index",
    "criteria": "criterion",
}
_ABBREVIATIONS = {
    "acct": "account",
    "addr": "address",
    "alt": "altitude",
    "amt": "amount",
    "arr": "arrival",
    "avg": "average",
    "cat": "category",
    "cnt": "count",
    "cust": "customer",
    "dep": "departure",
    "dept": "department",
    "desc": "description",
    "dest": "destination",
    "dir": "direction",
    "dob": "date of birth",
    "dt": "date",
    "emp": "employee",
    "fname": "first name",
    "hr": "hour",
    "hrs": "hours",
    "inv": "invoice",
    "lang": "language",
    "lat": "latitude",
    "lname": "last name",
    "lon": "longitude",
    "lng": "longitude",
    "max": "maximum",
    "mgr": "manager",
    "min": "minimum",
    "mins": "minutes",
    "msg": "message",
    "nbr": "number",
    "num": "number",
    "org": "organisation",
    "pct": "percent",
    "precip": "precipitation",
    "prod": "product",
    "qty": "quantity",
    "rev": "revenue",
    "sched": "scheduled",
    "sec": "seconds",
    "secs": "seconds",
    "temp": "temperature",
    "trx": "transaction",
    "ts": "timestamp",
    "txn": "transaction",
    "tz": "time zone",
    "wk": "week",
    "yr": "year",
}
_UNCOUNTABLE = word_set(
    "weather data information traffic inventory stock staff news feedback equipment music series "
    "species history usage revenue spend exposure reach attendance enrollment"
)
_TABLE_AFFIXES = word_set("dim fact fct stg tbl table vw view ref lkp")


@lru_cache(maxsize=65_536)
def words_of(identifier: str) -> tuple[str, ...]:
    """Returns the lower-case words of an identifier, abbreviations as they stand."""
    words = [word.lower() for word in _WORD.findall(identifier)]
    if words and _hides_an_id(words[-1]):
        words[-1:] = [words[-1][:-2], "id"]
    return tuple(words)


def _hides_an_id(word: str) -> bool:
    return len(word) >= 4 and word.endswith("id") and word not in _WORDS_ENDING_IN_ID


@lru_cache(maxsize=65_536)
def expanded_words_of(identifier: str) -> tuple[str, ...]:
    """Returns the words of an identifier with common abbreviations written out."""
    return tuple(
        part for word in words_of(identifier) for part in _ABBREVIATIONS.get(word, word).split()
    )


def phrase_of(identifier: str) -> str:
    """Returns an identifier as people would say it: `dep_delay` is `departure delay`."""
    return " ".join(expanded_words_of(identifier))


@lru_cache(maxsize=65_536)
def singular_of(word: str) -> str:
    """Returns the singular of an English noun, as far as its ending tells."""
    if word in _IRREGULAR_SINGULARS:
        return _IRREGULAR_SINGULARS[word]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word


def plural_of(word: str) -> str:
    """Returns the plural of a singular English noun."""
    if word.endswith("y") and word[-2:-1] not in tuple("aeiou"):
        return word[:-1] + "ies"
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    return word + "s"


@lru_cache(maxsize=16_384)
def entity_words_of(table: str) -> tuple[str, ...]:
    """Returns what one row of a table is called: `dim_apps` is `app`, `app_sessions` `app session`.

    Words that say where a table stands in a warehouse (`dim`, `fact`, `tbl`) are left out.
    """
    words = tuple(w for w in expanded_words_of(table) if w not in _TABLE_AFFIXES)
    words = words or expanded_words_of(table)
    return (*words[:-1], singular_of(words[-1])) if words else (table.lower(),)


def row_name_of(table: str) -> str:
    """Returns a countable name for a row of a table: `app session`, `weather record`."""
    words = entity_words_of(table)
    return " ".join((*words, "record") if words[-1] in _UNCOUNTABLE else words)


_IDENTIFIER_ENDINGS = word_set("id ids key uuid guid sk pk fk")
_CODE_ENDINGS = word_set("code no number nbr num symbol abbreviation abbr iata icao iso")


def is_identifier_name(column: str) -> bool:
    """True for names such as `user_id`, `order key` or `uuid`."""
    words = words_of(column)
    return bool(words) and words[-1] in _IDENTIFIER_ENDINGS


def is_code_name(column: str) -> bool:
    """True for names such as `country_code` or `invoice_no`."""
    words = words_of(column)
    return bool(words) and words[-1] in _CODE_ENDINGS
