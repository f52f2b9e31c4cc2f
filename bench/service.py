"""Measures the service against floors and against vanna 2.0.2, all in one run: ratios count.

One worker on one core, the client on another; a scripted model without latency. vanna comes from
`make bench-service`, into `var/vanna`; where it is missing its rows are left out.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from bench.service_load import (
    CLIENT_CORE,
    Contestant,
    ask_serially,
    ask_together,
    bytes_a_stream,
    cold_start_seconds,
    percentile,
    serving,
)
from bench.service_script import FOLDER, QUESTION, SQL, TEXT, prepare, write_script

_QUICK = "--quick" in sys.argv
_SERIAL = 60 if _QUICK else 200
_STREAMS = 256
_ROUNDS = 1 if _QUICK else 4
_HELD = 100 if _QUICK else 200
_STARTS = 1 if _QUICK else 3
_SLOW_SECONDS = 0.25
_VANNA = Path("var/vanna/bin/python")


def main() -> None:
    """Prints every figure with its target, met or not."""
    os.sched_setaffinity(0, {CLIENT_CORE})
    settings = prepare()
    environment = {
        "VTION_WAREHOUSE": settings.warehouse,
        "VTION_CONTEXT": str(settings.context),
        "VTION_STATE": settings.state,
        "VTION_LLM": settings.llm,
        "VTION_POLICY": settings.policy,
        "VTION_LOG_LEVEL": "WARNING",
    }
    command = [sys.executable, "-m", "cli.main", "serve", "--port", "PORT"]
    command[1:3] = ["-c", "from cli.main import main; main()"]
    ours = Contestant("vtion", command, "/query", {"question": QUESTION}, environment)
    asyncio.run(_measure(ours))


async def _measure(ours: Contestant) -> None:
    sse, langgraph, vanna = _floor("sse"), _floor("langgraph"), _vanna(0.0)
    cpu, first, rate = await _busy(ours)
    floor_first = (await _busy(sse, only_first=True))[1]
    if vanna is not None:
        vanna_cpu, _, vanna_rate = await _busy(vanna)
        _say("CPU a question against vanna", cpu / vanna_cpu, 0.6, f"{cpu * 1e3:.1f} ms : "
             f"{vanna_cpu * 1e3:.1f} ms")  # fmt: skip
        _say("questions/s at 256 streams against vanna", rate / vanna_rate, 1.5,
             f"{rate:.0f}/s : {vanna_rate:.0f}/s", at_least=True)  # fmt: skip
    else:
        print(f"vanna is not installed; ours: {cpu * 1e3:.1f} ms a question, {rate:.0f}/s")
    _say("first event against a bare SSE route", first / floor_first, 1.3,
         f"{first * 1e3:.2f} ms : {floor_first * 1e3:.2f} ms")  # fmt: skip
    await _say_slow_model(ours, cpu)
    await _say_memory(ours, sse)
    _say_steps()
    await _say_cold_start(ours, langgraph)


async def _busy(contestant: Contestant, *, only_first: bool = False) -> tuple[float, float, float]:
    """Returns CPU seconds a question, median seconds to the first event, questions a second."""
    with serving(contestant) as server:
        await ask_serially(server, 20)
        firsts, cpu = await ask_serially(server, _SERIAL)
        rate = 0.0 if only_first else (await ask_together(server, _STREAMS, _ROUNDS))[0]
    return cpu, statistics.median(firsts), rate


async def _say_slow_model(ours: Contestant, cpu: float) -> None:
    with serving(_with_model(ours, _SLOW_SECONDS)) as server:
        await ask_serially(server, 3)
        _, taken = await ask_together(server, _STREAMS, max(2, _ROUNDS))
    # All arrive together: the last waits for the CPU time of the others.
    ideal = 2 * _SLOW_SECONDS + _STREAMS * cpu
    found = percentile(taken, 0.99)
    _say(
        "p99 with a slow model at 256 streams", found / ideal, 1.3, f"{found:.2f} s : {ideal:.2f} s"
    )


async def _say_memory(ours: Contestant, sse: Contestant) -> None:
    with serving(_with_model(ours, 600.0)) as server:
        held = await bytes_a_stream(server, _HELD)
    with serving(replace(sse, path="/query?hold=1")) as server:
        floor = await bytes_a_stream(server, _HELD)
    _say("memory an open stream against a bare one", held / floor, 1.5,
         f"{held / 1024:.0f} KiB : {floor / 1024:.0f} KiB")  # fmt: skip


def _say_steps() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.service_steps"], capture_output=True, text=True, check=True
    )
    cpu = json.loads(done.stdout.strip().splitlines()[-1])
    _say("CPU of the graph against plain awaits", cpu["graph"] / cpu["plain"], 1.3,
         f"{cpu['graph'] * 1e3:.1f} ms : {cpu['plain'] * 1e3:.1f} ms")  # fmt: skip
    _say("CPU with checkpoints and records against without", cpu["kept"] / cpu["graph"], 1.4,
         f"{cpu['kept'] * 1e3:.1f} ms : {cpu['graph'] * 1e3:.1f} ms")  # fmt: skip
    for step, seconds in cpu["steps"].items():
        print(f"    of the plain awaits, {step:24} {seconds * 1e3:5.2f} ms")


async def _say_cold_start(ours: Contestant, langgraph: Contestant) -> None:
    pairs = [
        (await cold_start_seconds(ours), await cold_start_seconds(langgraph))
        for _ in range(_STARTS)
    ]
    found, floor = (min(seconds) for seconds in zip(*pairs, strict=True))
    _say("cold start to first answer against LangGraph + FastAPI", found / floor, 1.2,
         f"{found:.2f} s : {floor:.2f} s")  # fmt: skip


def _say(what: str, ratio: float, target: float, figures: str, *, at_least: bool = False) -> None:
    is_met = ratio >= target if at_least else ratio <= target
    bound = "at least" if at_least else "at most"
    verdict = "met" if is_met else "NOT met"
    print(f"{what:58} {ratio:5.2f}x  ({figures}; {bound} {target}x: {verdict})", flush=True)


def _with_model(ours: Contestant, seconds: float) -> Contestant:
    environment = {
        **ours.environment,
        "VTION_LLM": f"scripted:{write_script(seconds)}",
        "VTION_LLM_TIMEOUT_SECONDS": "900",
        "VTION_LLM_RUN_SECONDS": "900",
    }
    return replace(ours, environment=environment)


def _floor(name: str) -> Contestant:
    command = [sys.executable, "-m", "bench.service_floors", name, "PORT"]
    return Contestant(name, command, "/query", {})


def _vanna(seconds: float) -> Contestant | None:
    if not _VANNA.exists():
        return None
    script, database = "bench/service_vanna.py", str(FOLDER / "vanna.duckdb")
    command = [str(_VANNA), script, "PORT", database, SQL, TEXT, str(seconds)]
    return Contestant("vanna", command, "/api/vanna/v2/chat_sse", {"message": QUESTION})


if __name__ == "__main__":
    main()
