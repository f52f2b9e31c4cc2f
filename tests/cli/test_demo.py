"""`vtion demo` says that it is ready when it is."""

import re
import subprocess
import sys
from pathlib import Path

import httpx

_VTION = Path(sys.executable).parent / "vtion"


def test_the_address_answers_once_it_is_told() -> None:
    command = [str(_VTION), "demo", "--no-browser", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as demo:  # noqa: S603
        try:
            assert demo.stdout is not None
            told = (re.search(r"ready at (http://\S+)", line) for line in demo.stdout)
            url = next(found[1] for found in told if found)
            assert httpx.get(f"{url}/readyz").status_code == 200
        finally:
            demo.terminate()
