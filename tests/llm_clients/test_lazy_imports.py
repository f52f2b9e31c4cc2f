"""A process with the embedded brain and DuckDB loads no cloud library."""

import subprocess
import sys

_CLOUD = ("boto3", "botocore", "langchain_aws", "openai", "langchain_openai", "google.genai")
_PROGRAM = f"""
import asyncio, sys
from graph.brain import open_brain
import api.application, cli.main, graph.service
from settings.settings import Settings
open_brain(Settings(), "embedded")
print([name for name in {_CLOUD} if name in sys.modules])
"""


def test_the_embedded_brain_imports_no_cloud_sdk() -> None:
    found = subprocess.run(  # noqa: S603 our own interpreter
        [sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
