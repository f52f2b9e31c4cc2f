"""One query execution: where it stands, and how the API describes it."""

import time
from dataclasses import dataclass, field
from typing import Any

from dev_athena.engine import Stop, TextRows

_USER_ERROR = 2
_SYSTEM_ERROR = 1


@dataclass
class Execution:
    """What `StartQueryExecution` began. Times are seconds since the epoch."""

    id: str
    sql: str
    database: str
    catalog: str
    workgroup: str
    output_location: str
    state: str = "QUEUED"
    reason: str = ""
    is_retryable: bool = False
    submitted_at: float = field(default_factory=time.time)
    started_at: float | None = None
    completed_at: float | None = None
    bytes_scanned: int = 0
    is_reused: bool = False
    result: TextRows | None = None
    stop: Stop = field(default_factory=Stop)

    @property
    def is_final(self) -> bool:
        """True where nothing changes any more."""
        return self.state in ("SUCCEEDED", "FAILED", "CANCELLED")

    @property
    def is_explain(self) -> bool:
        """True for EXPLAIN."""
        return self.sql.lstrip().upper().startswith("EXPLAIN")

    def end(self, state: str, reason: str = "", *, is_retryable: bool = False) -> None:
        """Makes the state final. The first end holds."""
        if self.is_final:
            return
        self.reason, self.is_retryable = reason, is_retryable
        self.completed_at = time.time()
        self.state = state

    def describe(self) -> dict[str, Any]:
        """Returns the API's QueryExecution."""
        return {
            "QueryExecutionId": self.id,
            "Query": self.sql,
            "StatementType": "UTILITY" if self.is_explain else "DML",
            "ResultConfiguration": {"OutputLocation": self.output_location},
            "QueryExecutionContext": {"Database": self.database, "Catalog": self.catalog},
            "Status": self._status(),
            "Statistics": self._statistics(),
            "WorkGroup": self.workgroup,
            "EngineVersion": {
                "SelectedEngineVersion": "Athena engine version 3",
                "EffectiveEngineVersion": "Athena engine version 3",
            },
        }

    def _status(self) -> dict[str, Any]:
        status: dict[str, Any] = {"State": self.state, "SubmissionDateTime": self.submitted_at}
        if self.completed_at is not None:
            status["CompletionDateTime"] = self.completed_at
        if self.reason:
            status["StateChangeReason"] = self.reason
        if self.state == "FAILED":
            status["AthenaError"] = {
                "ErrorCategory": _SYSTEM_ERROR if self.is_retryable else _USER_ERROR,
                "ErrorType": 0 if self.is_retryable else 1006,
                "Retryable": self.is_retryable,
                "ErrorMessage": self.reason,
            }
        return status

    def _statistics(self) -> dict[str, Any]:
        now = self.completed_at or time.time()
        started = self.started_at or now
        return {
            "DataScannedInBytes": self.bytes_scanned,
            "EngineExecutionTimeInMillis": round((now - started) * 1000),
            "QueryQueueTimeInMillis": round((started - self.submitted_at) * 1000),
            "TotalExecutionTimeInMillis": round((now - self.submitted_at) * 1000),
            "ResultReuseInformation": {"ReusedPreviousResult": self.is_reused},
        }
