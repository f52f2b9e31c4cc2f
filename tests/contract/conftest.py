"""Servers that tests run against, one of each for a file of tests."""

from collections.abc import Iterator

import pytest

from dev_athena.server import AthenaServer
from tests.contract.athena_server import serve_athena


@pytest.fixture(scope="session", autouse=True)
def credentials() -> Iterator[None]:
    """Gives boto3 the keys that a loopback server takes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "dev")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "dev")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        yield


@pytest.fixture(scope="module")
def athena() -> Iterator[AthenaServer]:
    """A loopback Athena. Its store is the process's, so no two may live at once."""
    with serve_athena() as server:
        yield server
