"""What a scraper of Prometheus reads: how runs end, how long they take, how many go on."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from api.runs.live_run import LiveRun
from domain.run_event import RunFailed

_BUCKETS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)


class RunMetrics:
    """Counters of one service; two in one process do not add up."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._ended = Counter(
            "vtion_runs", "Runs that ended, by outcome.", ["status"], registry=self._registry
        )
        self._seconds = Histogram(
            "vtion_run_seconds",
            "From the start of a run to its end.",
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._live = Gauge("vtion_live_runs", "Runs that go on.", registry=self._registry)
        self._old_context = Gauge(
            "vtion_context_unreadable",
            "1 where the newest context cannot be read and the last good one serves.",
            registry=self._registry,
        )

    def note_end(self, run: LiveRun) -> None:
        """Counts a run that has ended."""
        end = run.end
        status = "failed" if end is None or isinstance(end, RunFailed) else end.answer.status
        self._ended.labels(status).inc()
        self._seconds.observe(run.seconds)

    def text(self, live_runs: int, is_context_newest: bool) -> bytes:
        """Returns everything in Prometheus' text form."""
        self._live.set(live_runs)
        self._old_context.set(not is_context_newest)
        return generate_latest(self._registry)
