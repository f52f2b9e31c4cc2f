"""A real Trino: one node on loopback, with a hive catalog over files of this machine."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import trino

_OLDEST_JAVA = 24
_START_SECONDS = 180
_STOP_SECONDS = 30
_JAVA_OPTIONS = (
    "-Xmx1500m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "--add-modules=jdk.incubator.vector",
    "--enable-native-access=ALL-UNNAMED",
    "-Djdk.attach.allowAttachSelf=true",
    "-Duser.timezone=UTC",
)
_CONFIG = """\
coordinator=true
node-scheduler.include-coordinator=true
http-server.http.port={port}
discovery.uri=http://127.0.0.1:{port}
query.max-memory=900MB
query.max-memory-per-node=900MB
"""
_HIVE = """\
connector.name=hive
hive.metastore=file
hive.metastore.catalog.dir=local:///metastore
hive.non-managed-table-writes-enabled=true
hive.timestamp-precision=MICROSECONDS
fs.native-local.enabled=true
local.location={files}
"""


@dataclass(frozen=True)
class TrinoServer:
    """Where it listens, and the folder that its hive catalog sees as `local:///`."""

    port: int
    files: Path


@contextmanager
def serve_trino(home: Path, folder: Path) -> Iterator[TrinoServer]:
    """Starts the distribution unpacked in `home`; all that it writes goes to `folder`."""
    server = TrinoServer(_free_port(), folder / "files")
    command = _command(home, folder, server)
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)  # noqa: S603
        try:
            _await_start(process, server, folder / "server.log")
            yield server
        finally:
            process.terminate()
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def find_java() -> str:
    """Returns a Java that is new enough, from JAVA_HOME, the path, or Debian's folder."""
    homes = [Path(os.environ["JAVA_HOME"])] if "JAVA_HOME" in os.environ else []
    candidates = [home / "bin" / "java" for home in (*homes, *Path("/usr/lib/jvm").glob("*"))]
    on_path = shutil.which("java")
    for java in [*candidates, *([Path(on_path)] if on_path else [])]:
        if java.exists() and _java_version(java) >= _OLDEST_JAVA:
            return str(java)
    raise RuntimeError(f"There is no Java {_OLDEST_JAVA} or newer: set JAVA_HOME.")


def _java_version(java: Path) -> int:
    run = subprocess.run([java, "-version"], capture_output=True, text=True, check=True)  # noqa: S603
    found = re.search(r'version "(\d+)', run.stderr)
    return int(found[1]) if found else 0


def _command(home: Path, folder: Path, server: TrinoServer) -> list[str]:
    catalogs = folder / "catalog"
    for part in (catalogs, server.files, folder / "data"):
        part.mkdir(parents=True)
    (folder / "config.properties").write_text(_CONFIG.format(port=server.port))
    (folder / "log.properties").write_text("io.trino=WARN\nio.airlift=WARN\n")
    (catalogs / "hive.properties").write_text(_HIVE.format(files=server.files))
    (catalogs / "memory.properties").write_text("connector.name=memory\n")
    (catalogs / "tpch.properties").write_text("connector.name=tpch\n")
    properties = {
        "node.environment": "test",
        "node.id": "one",
        "node.data-dir": folder / "data",
        "node.bind-ip": "127.0.0.1",
        "node.internal-address": "127.0.0.1",
        "plugin.dir": home / "plugin",
        "config": folder / "config.properties",
        "log.levels-file": folder / "log.properties",
        "catalog.config-dir": catalogs,
    }
    given = [f"-D{name}={value}" for name, value in properties.items()]
    main = ["-cp", f"{home}/lib/*", "io.trino.server.TrinoServer"]
    return [find_java(), *_JAVA_OPTIONS, *given, *main]


def _await_start(process: subprocess.Popen[bytes], server: TrinoServer, log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        if _is_up(server.port):
            return
        time.sleep(0.3)
    raise RuntimeError(f"Trino does not start:\n{log.read_text(errors='replace')[-3000:]}")


def _is_up(port: int) -> bool:
    """True when a statement runs: the server answers before it knows its own node."""
    with closing(trino.dbapi.connect(host="127.0.0.1", port=port, user="test")) as connection:
        try:
            return bool(connection.cursor().execute("SELECT 1 FROM tpch.tiny.region").fetchall())
        except (trino.exceptions.Error, OSError):
            return False


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
