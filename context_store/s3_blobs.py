"""A context in a bucket: `s3://bucket/prefix?region=&endpoint=&pointer=dynamodb:<table>`."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol, TypeAlias
from urllib.parse import parse_qs, urlsplit

from context_store.blob_store import Pointer, PointerMovedError
from domain.errors import NotFoundError, OperatorError

Client: TypeAlias = Any
"""boto3 makes its classes at run time."""

_POINTER = "CURRENT"
_MISSING = frozenset({"NoSuchKey", "404", "NotFound"})
_MOVED = frozenset(
    {
        "PreconditionFailed",
        "ConditionalRequestConflict",
        "ConditionalCheckFailedException",
        "412",
        "409",
    }
)
_OPTIONS = frozenset({"region", "endpoint", "pointer"})


class PointerPlace(Protocol):
    """Where the pointer of a bucket is kept."""

    def read(self) -> Pointer | None:
        """Returns the pointer, or None where there is none."""

    def move(self, version: str, expected_tag: str | None) -> None:
        """Moves it, or raises PointerMovedError."""


class S3Blobs:
    """Objects below a prefix. Those of a version are written once, the pointer on a condition."""

    is_remote = True

    def __init__(self, client: Client, bucket: str, prefix: str, pointer: PointerPlace) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = prefix
        self._pointer = pointer

    @property
    def location(self) -> str:
        """The address."""
        return f"s3://{self._bucket}/{self._prefix}"

    def read(self, name: str) -> bytes:
        """Returns an object whole. Raises NotFoundError or OperatorError."""
        with told_apart(f"{self.location}{name}"):
            found = self._client.get_object(Bucket=self._bucket, Key=self._prefix + name)
            content: bytes = found["Body"].read()
            return content

    def write(self, name: str, content: bytes) -> None:
        """Writes an object, unless it is there already with this content."""
        key = self._prefix + name
        if not name.startswith("versions/"):
            self._put(key, content, {})
            return
        try:
            self._put(key, content, {"IfNoneMatch": "*"})
        except PointerMovedError:
            tag = self._client.head_object(Bucket=self._bucket, Key=key)["ETag"]
            if tag.strip('"') != hashlib.md5(content, usedforsecurity=False).hexdigest():
                self._put(key, content, {"IfMatch": tag})

    def names(self, folder: str) -> list[str]:
        """Returns the names of the objects in a folder, in order."""
        with told_apart(self.location):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=f"{self._prefix}{folder}/"
            )
            keys = [entry["Key"] for page in pages for entry in page.get("Contents", ())]
        return sorted(key.removeprefix(self._prefix) for key in keys)

    def tag(self) -> str | None:
        """Returns what changes when the pointer is moved, or None where there is none."""
        pointer = self._pointer.read()
        return pointer.tag if pointer is not None else None

    def pointer(self) -> Pointer | None:
        """Returns the pointer, or None where there is none."""
        return self._pointer.read()

    def move_pointer(self, version: str, expected_tag: str | None) -> None:
        """Moves the pointer, or raises PointerMovedError where its tag is another one by now."""
        self._pointer.move(version, expected_tag)

    def _put(self, key: str, content: bytes, condition: dict[str, str]) -> None:
        with told_apart(key):
            self._client.put_object(Bucket=self._bucket, Key=key, Body=content, **condition)


class S3Pointer:
    """The pointer as an object, moved on the condition that its ETag is the expected one."""

    def __init__(self, client: Client, bucket: str, prefix: str) -> None:
        self._client = client
        self._place = {"Bucket": bucket, "Key": prefix + _POINTER}

    def read(self) -> Pointer | None:
        """Returns the pointer, or None where there is none."""
        try:
            with told_apart(self._place["Key"]):
                found = self._client.get_object(**self._place)
                text = found["Body"].read()
        except NotFoundError:
            return None
        return Pointer(text.decode("ascii", "replace").strip(), found["ETag"])

    def move(self, version: str, expected_tag: str | None) -> None:
        """Moves it, or raises PointerMovedError."""
        condition = {"IfNoneMatch": "*"} if expected_tag is None else {"IfMatch": expected_tag}
        with told_apart(self._place["Key"]):
            self._client.put_object(**self._place, Body=version.encode(), **condition)


class DynamoPointer:
    """The pointer as an item of a table with the string key `context`; its tag is a revision."""

    def __init__(self, client: Client, table: str, context: str) -> None:
        self._client = client
        self._table = table
        self._key = {"context": {"S": context}}

    def read(self) -> Pointer | None:
        """Returns the pointer, or None where there is none."""
        with told_apart(self._table):
            item = self._client.get_item(
                TableName=self._table, Key=self._key, ConsistentRead=True
            ).get("Item")
        return Pointer(item["version"]["S"], item["revision"]["N"]) if item else None

    def move(self, version: str, expected_tag: str | None) -> None:
        """Moves it, or raises PointerMovedError."""
        item = {
            **self._key,
            "version": {"S": version},
            "revision": {"N": str(int(expected_tag or 0) + 1)},
        }
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(revision)"}
        if expected_tag is not None:
            condition = {
                "ConditionExpression": "revision = :expected",
                "ExpressionAttributeValues": {":expected": {"N": expected_tag}},
            }
        with told_apart(self._table):
            self._client.put_item(TableName=self._table, Item=item, **condition)


def open_s3_blobs(address: str) -> S3Blobs:
    """Returns the store of an address. Raises OperatorError where the address says nothing."""
    import boto3  # a process whose context is a folder does without it

    parts = urlsplit(address)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if not parts.netloc or not set(options) <= _OPTIONS:
        raise OperatorError(
            f"{address} names no bucket, or an unknown option.",
            "Write s3://bucket/prefix/ with ?region=, &endpoint= and &pointer=dynamodb:<table>.",
        )
    prefix = parts.path.strip("/")
    prefix = f"{prefix}/" if prefix else ""
    where = {"region_name": options.get("region"), "endpoint_url": options.get("endpoint")}
    client = boto3.client("s3", **where)
    pointer: PointerPlace = S3Pointer(client, parts.netloc, prefix)
    if "pointer" in options:
        table = options["pointer"].removeprefix("dynamodb:")
        context = f"s3://{parts.netloc}/{prefix}"
        pointer = DynamoPointer(boto3.client("dynamodb", **where), table, context)
    return S3Blobs(client, parts.netloc, prefix, pointer)


@contextmanager
def told_apart(what: str) -> Iterator[None]:
    """Turns errors of AWS into ours, by who can act."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code in _MISSING:
            raise NotFoundError(f"There is no {what}.") from error
        if code in _MOVED:
            raise PointerMovedError(
                "The context was changed by someone else just now.", "changed_meanwhile"
            ) from error
        raise OperatorError(f"{what} cannot be reached: {error}") from error
    except BotoCoreError as error:
        raise OperatorError(f"{what} cannot be reached: {error}") from error
