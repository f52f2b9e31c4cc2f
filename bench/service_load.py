"""Servers on one core, their load from the other, and what both took."""

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

SERVER_CORE, CLIENT_CORE = 0, max(os.sched_getaffinity(0))
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_START_SECONDS = 90


@dataclass(frozen=True, slots=True)
class Contestant:
    """How a server is started and asked. `PORT` in the command becomes its port."""

    name: str
    command: Sequence[str]
    path: str
    body: Mapping[str, object]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Server:
    """A contestant that runs."""

    contestant: Contestant
    port: int
    pid: int
    started_at: float

    async def ask(self) -> tuple[float, float]:
        """Asks once; returns seconds to the first event and to the end of the stream."""
        begun = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(self._request)
        text = b""
        while b"data: " not in text:
            piece = await reader.read(65536)
            if not piece:
                raise ConnectionError(text[-300:])
            text += piece
        first = time.perf_counter() - begun
        while piece := await reader.read(65536):
            text += piece
        writer.close()
        if b" 200 " not in text[:30]:
            raise ConnectionError(text[-300:])
        return first, time.perf_counter() - begun

    async def hold(self) -> asyncio.StreamWriter:
        """Opens a stream, waits for its first event, and leaves it open."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(self._request)
        while b"data: " not in await reader.read(65536):
            pass
        return writer

    @property
    def _request(self) -> bytes:
        body = json.dumps(self.contestant.body).encode()
        head = (
            f"POST {self.contestant.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Content-Type: application/json\r\nAccept: text/event-stream\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        return head.encode() + body

    def cpu_seconds(self) -> float:
        """CPU of the process and of every process that it started."""
        return sum(_cpu(pid) for pid in _tree(self.pid))

    def resident_bytes(self) -> int:
        """Memory of the process tree."""
        return sum(_resident(pid) for pid in _tree(self.pid))


@contextmanager
def serving(contestant: Contestant) -> Iterator[Server]:
    """Starts a contestant on the server's core and waits until it listens."""
    port = _free_port()
    command = [word.replace("PORT", str(port)) for word in contestant.command]
    environment = {**os.environ, **contestant.environment}
    started_at = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - a benchmark of ours
        ["taskset", "-c", str(SERVER_CORE), *command],  # noqa: S607
        env=environment,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_until_listening(port, process)
        yield Server(contestant, port, process.pid, started_at)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


async def ask_serially(server: Server, count: int) -> tuple[list[float], float]:
    """Asks one after the other; returns seconds to first events, and CPU seconds a question."""
    before = server.cpu_seconds()
    firsts = [(await server.ask())[0] for _ in range(count)]
    return firsts, (server.cpu_seconds() - before) / count


async def ask_together(server: Server, streams: int, rounds: int) -> tuple[float, list[float]]:
    """Keeps so many streams busy; returns questions a second, and seconds of each stream."""

    async def client() -> list[float]:
        return [(await server.ask())[1] for _ in range(rounds)]

    begun = time.perf_counter()
    taken = [seconds for found in await asyncio.gather(*(client() for _ in range(streams)))
             for seconds in found]  # fmt: skip
    return len(taken) / (time.perf_counter() - begun), taken


async def bytes_a_stream(server: Server, streams: int) -> float:
    """Memory that one more open stream takes, where half as many are open already.

    What a server takes once, with its first streams, is none of theirs.
    """
    writers = [await server.hold() for _ in range(streams // 2)]
    await asyncio.sleep(1)
    before = server.resident_bytes()
    writers += [await server.hold() for _ in range(streams)]
    await asyncio.sleep(1)
    taken = (server.resident_bytes() - before) / streams
    for writer in writers:
        writer.close()
    return taken


async def cold_start_seconds(contestant: Contestant) -> float:
    """Seconds from the start of the process to the end of its first answer."""
    with serving(contestant) as server:
        await server.ask()
        return time.perf_counter() - server.started_at


def percentile(values: Sequence[float], share: float) -> float:
    """Returns the value that this share of all does not exceed."""
    return statistics.quantiles(values, n=1000, method="inclusive")[int(share * 1000) - 1]


def _wait_until_listening(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            sys.exit(f"{process.args!r} ended with {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)
    sys.exit(f"{process.args!r} does not listen")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _tree(root: int) -> list[int]:
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(fields[1])
    found, wave = [root], [root]
    while wave:
        wave = [pid for pid, parent in parents.items() if parent in wave]
        found += wave
    return found


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(field) for field in fields[11:15]) / _TICKS


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except OSError:
        return 0
