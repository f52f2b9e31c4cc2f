"""Guesses personal data from names alone. Names of places, products and firms are no PII."""

from collections.abc import Callable, Sequence

from context_store.names import entity_words_of, singular_of, word_set, words_of
from domain.column_type import TypeFamily
from domain.dictionary import PiiKind

PERSON_WORDS = word_set(
    "person individual customer client consumer shopper buyer guest visitor user member "
    "subscriber panelist panellist respondent participant audience student pupil learner alumnus "
    "faculty teacher professor instructor lecturer employee staff worker manager engineer patient "
    "physician doctor nurse candidate applicant author reviewer contact lead tenant resident "
    "citizen voter passenger driver cardholder policyholder beneficiary donor volunteer "
    "salesperson salesman agent friend people"
)
_TABLE_SUFFIXES = word_set("master detail info information profile list record data")
_PERSON_ATTRIBUTES = word_set(
    "gender sex dob birthdate birthday birth marital surname lastname firstname fname lname"
)
_IDENTITY = word_set("name email phone mobile msisdn telephone surname lastname lname id")

_PHONE = word_set("phone mobile telephone cellphone cell msisdn whatsapp fax tel")
_NUMBER = word_set("number no num nbr home work 1 2 primary secondary")
_GOVERNMENT_OR_PAYMENT = word_set(
    "aadhaar aadhar adhaar passport ssn iban upi vpa username login password passwd"
)
_IDENTIFIER_PHRASES = (
    ("pan", "number"), ("pan", "no"), ("pan", "card"), ("pan", "id"), ("social", "security"),
    ("voter", "id"), ("national", "id"), ("tax", "id"), ("driving", "licence"),
    ("driving", "license"), ("card", "number"), ("card", "no"), ("credit", "card"),
    ("debit", "card"), ("account", "number"), ("user", "name"), ("date", "of", "birth"),
    ("birth", "date"), ("date", "birth"),
)  # fmt: skip
_DEVICE = word_set("imei imsi idfa gaid adid aaid meid")
_DEVICE_PHRASES = (
    ("advertising", "id"), ("android", "id"), ("device", "id"), ("device", "identifier"),
    ("mac", "address"), ("device", "serial"), ("ad", "id"),
)  # fmt: skip
_IP_PHRASES = (("ip", "address"), ("ip", "addr"), ("client", "ip"), ("remote", "addr"))
_PERSON_NAME = word_set("surname firstname lastname fullname fname lname mname")
_PERSON_NAME_FIRST = word_set(
    "first last full middle maiden given family father mother guardian spouse nominee"
)
_ADDRESS = word_set("address addr street addressline")
_FREE_TEXT = word_set("comment remark feedback message note transcript complaint bio verbatim")


def _has_phrase(words: Sequence[str], phrases: Sequence[Sequence[str]]) -> bool:
    return any(
        tuple(words[start : start + len(phrase)]) == tuple(phrase)
        for phrase in phrases
        for start in range(len(words) - len(phrase) + 1)
    )


def is_person_table_name(table: str) -> bool:
    """True where the name says that a row is one individual, such as `dim_customer`."""
    words = [word for word in entity_words_of(table) if word not in _TABLE_SUFFIXES]
    return bool(words) and singular_of(words[-1]) in PERSON_WORDS


def has_person_attributes(columns: Sequence[str]) -> bool:
    """True where the columns describe one individual: sex, birth or age beside a name or contact.

    Sex and age alone may as well describe a segment of the population.
    """
    words = {word for column in columns for word in words_of(column)}
    has_name = any(_is_part_of_a_person_name(words_of(column)) for column in columns)
    is_described = bool(words & _PERSON_ATTRIBUTES)
    is_identified = bool(words & _IDENTITY) or person_key_name(columns) is not None
    return (is_described and is_identified) or (has_name and (is_described or is_identified))


def person_key_name(columns: Sequence[str]) -> str | None:
    """Returns the first column that refers to a person by its name, such as `customer_id`."""
    return next((column for column in columns if _refers_to_a_person(words_of(column))), None)


def _refers_to_a_person(words: Sequence[str]) -> bool:
    return len(words) >= 2 and words[-1] in ("id", "key") and words[-2] in PERSON_WORDS


def pii_kind_of_name(
    column: str, table: str, family: TypeFamily, of_persons: bool
) -> PiiKind | None:
    """Returns the kind of personal data that a column's name promises, or None.

    `of_persons` says that a row of the table is one individual.
    """
    words = words_of(column)
    if not words or family is TypeFamily.BOOLEAN:
        return None
    for kind, says in _RULES:
        if says(words):
            return kind
    if family is not TypeFamily.TEXT:
        return None
    if _is_name_of_a_person(words, table, of_persons):
        return PiiKind.NAME
    return PiiKind.ADDRESS if _is_address_of_a_person(words, table, of_persons) else None


def is_free_text_name(column: str) -> bool:
    """True for names of columns that people type into, such as `remarks`."""
    words = words_of(column)
    return bool(words) and singular_of(words[-1]) in _FREE_TEXT


def _is_email(words: Sequence[str]) -> bool:
    ends = words[-1] in ("email", "mail") or words[-2:] in (("email", "address"), ("email", "id"))
    return ends or _has_phrase(words, (("e", "mail"), ("mail", "id")))


def _is_phone(words: Sequence[str]) -> bool:
    if words[-1] in _PHONE:
        return not words[0].startswith(("is", "has"))
    return len(words) >= 2 and words[-1] in _NUMBER and words[-2] in _PHONE | {"contact"}


def _is_identifier(words: Sequence[str]) -> bool:
    if words in (("pan",), ("dob",), ("birthdate",), ("birthday",)):
        return True
    return bool(_GOVERNMENT_OR_PAYMENT & set(words)) or _has_phrase(words, _IDENTIFIER_PHRASES)


def _is_device(words: Sequence[str]) -> bool:
    return bool(_DEVICE & set(words)) or _has_phrase(words, _DEVICE_PHRASES)


def _is_ip_address(words: Sequence[str]) -> bool:
    return words in (("ip",), ("ipaddress",), ("ipv", "4")) or _has_phrase(words, _IP_PHRASES)


def _is_part_of_a_person_name(words: Sequence[str]) -> bool:
    if not words:
        return False
    split_name = len(words) >= 2 and words[-1] == "name" and words[-2] in _PERSON_NAME_FIRST
    return words[-1] in _PERSON_NAME or split_name


_RULES: tuple[tuple[PiiKind, Callable[[tuple[str, ...]], bool]], ...] = (
    (PiiKind.EMAIL, _is_email),
    (PiiKind.IP_ADDRESS, _is_ip_address),
    (PiiKind.DEVICE, _is_device),
    (PiiKind.PHONE, _is_phone),
    (PiiKind.IDENTIFIER, _is_identifier),
    (PiiKind.NAME, _is_part_of_a_person_name),
)


def _is_name_of_a_person(words: Sequence[str], table: str, of_persons: bool) -> bool:
    if words[-1] != "name":
        return False
    owner = words[:-1]
    if not owner or tuple(owner) == entity_words_of(table):
        return of_persons
    return singular_of(owner[-1]) in PERSON_WORDS


def _is_address_of_a_person(words: Sequence[str], table: str, of_persons: bool) -> bool:
    is_address = bool(_ADDRESS & set(words)) or words[0] == "line"
    return is_address and (of_persons or entity_words_of(table)[-1] == "address")
