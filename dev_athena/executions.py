"""Starts, runs, stops and remembers query executions."""

import re
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import duckdb
import sqlglot
from botocore.exceptions import BotoCoreError, ClientError
from sqlglot.errors import SqlglotError

from dev_athena.engine import Engine, StoppedError, TextRows, athena_reason
from dev_athena.execution import Execution
from dev_athena.faults import Faults
from dev_athena.result_pages import csv_of
from dev_athena.service_error import invalid_request
from dev_athena.workgroups import Workgroup, Workgroups
from domain.errors import RepairableError

_EXPLAIN = re.compile(r"\s*EXPLAIN\s*\(\s*TYPE\s+VALIDATE\s*\)\s*(?P<sql>.*)", re.I | re.S)
_SELECT = re.compile(r"[\s(]*(SELECT|WITH|VALUES|TABLE)\b", re.I)
_MAXIMUM_CHARACTERS = 262_144
_SECONDS_A_MINUTE = 60
_THREADS = 4
_FAULTS = (
    BotoCoreError,
    ClientError,
    OSError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RuntimeError,
)
"""What a library raises on what it did not foresee: an execution ends, and says so."""
CUTOFF_REASON = "Bytes scanned limit was exceeded"
VALID = TextRows(("Valid",), ("boolean",), [("true",)], 0)


class Executions:
    """Every execution of this server's life."""

    def __init__(self, engine: Engine, s3: Any, workgroups: Workgroups, faults: Faults) -> None:  # noqa: ANN401 - a boto3 client
        self._engine = engine
        self._s3 = s3
        self._workgroups = workgroups
        self._faults = faults
        self._by_id: dict[str, Execution] = {}
        self._by_token: dict[str, str] = {}
        self._threads = ThreadPoolExecutor(_THREADS, "athena")

    def start(self, request: dict[str, Any]) -> Execution:
        """Queues a statement; a token that was seen before returns the same execution."""
        token = request.get("ClientRequestToken", "")
        if token in self._by_token:
            return self._by_id[self._by_token[token]]
        workgroup = self._workgroups.usable(request.get("WorkGroup", "primary"))
        _check_text(request["QueryString"])
        execution = self._new(request, workgroup)
        earlier = self._reusable(execution, request)
        self._by_id[execution.id] = execution
        self._by_token[token or execution.id] = execution.id
        if earlier is None:
            self._threads.submit(self._run, execution, workgroup.cutoff_bytes)
        else:
            self._reuse(execution, earlier)
        return execution

    def get(self, execution_id: str) -> Execution:
        """Returns one; raises Athena's error for an unknown id."""
        if execution_id not in self._by_id:
            raise invalid_request(f"QueryExecution {execution_id} was not found")
        return self._by_id[execution_id]

    def find(self, execution_id: str) -> Execution | None:
        """Returns one, or None."""
        return self._by_id.get(execution_id)

    def all(self) -> list[Execution]:
        """Returns every execution, the newest first."""
        return list(reversed(self._by_id.values()))

    def stop(self, execution_id: str) -> None:
        """Stops an execution; one that has ended stays as it is."""
        execution = self.get(execution_id)
        if not execution.is_final:
            execution.stop.event.set()

    def close(self) -> None:
        """Stops everything."""
        for execution in self._by_id.values():
            execution.stop.event.set()
        self._threads.shutdown()

    def _new(self, request: dict[str, Any], workgroup: Workgroup) -> Execution:
        execution_id = str(uuid.uuid4())
        context = request.get("QueryExecutionContext", {})
        asked = request.get("ResultConfiguration", {}).get("OutputLocation")
        sql = request["QueryString"]
        suffix = "txt" if sql.lstrip().upper().startswith("EXPLAIN") else "csv"
        return Execution(
            id=execution_id,
            sql=sql,
            database=context.get("Database", "default"),
            catalog=context.get("Catalog", "AwsDataCatalog"),
            workgroup=workgroup.name,
            output_location=f"{workgroup.result_location(asked)}{execution_id}.{suffix}",
        )

    def _reusable(self, wanted: Execution, request: dict[str, Any]) -> Execution | None:
        reuse = request.get("ResultReuseConfiguration", {}).get("ResultReuseByAgeConfiguration", {})
        if not reuse.get("Enabled"):
            return None
        oldest = time.time() - reuse.get("MaxAgeInMinutes", 60) * _SECONDS_A_MINUTE
        for earlier in self.all():
            is_same = (earlier.sql, earlier.database, earlier.workgroup) == (
                wanted.sql,
                wanted.database,
                wanted.workgroup,
            )
            is_usable = earlier.state == "SUCCEEDED" and not earlier.is_reused
            if is_same and is_usable and (earlier.completed_at or 0) >= oldest:
                return earlier
        return None

    def _reuse(self, execution: Execution, earlier: Execution) -> None:
        execution.result = earlier.result
        execution.output_location = earlier.output_location
        execution.is_reused = True
        execution.end("SUCCEEDED")

    def _run(self, execution: Execution, cutoff_bytes: int | None) -> None:
        execution.started_at = time.time()
        execution.state = "RUNNING"
        try:
            execution.stop.sleep(0 if execution.is_explain else self._faults.slow_seconds)
            failure = self._faults.next_failure()
            if failure is not None:
                execution.end("FAILED", failure[0], is_retryable=failure[1])
                return
            self._finish(execution, self._result(execution), cutoff_bytes)
        except StoppedError:
            execution.end("CANCELLED", "Query was cancelled by user")
        except (duckdb.Error, RepairableError) as error:
            execution.end("FAILED", athena_reason(error))
        except _FAULTS as error:
            execution.end("FAILED", f"GENERIC_INTERNAL_ERROR: {error!r}")

    def _result(self, execution: Execution) -> TextRows:
        explained = _EXPLAIN.fullmatch(execution.sql)
        if explained:
            self._engine.explain(execution.database, explained["sql"])
            return VALID
        return self._engine.run(execution.database, execution.sql, execution.stop)

    def _finish(self, execution: Execution, result: TextRows, cutoff_bytes: int | None) -> None:
        execution.bytes_scanned = result.bytes_scanned
        if cutoff_bytes is not None and result.bytes_scanned > cutoff_bytes:
            execution.end("CANCELLED", CUTOFF_REASON)
            return
        # The object is there before anybody can read that the query has succeeded.
        bucket, _, key = execution.output_location.removeprefix("s3://").partition("/")
        self._s3.put_object(Bucket=bucket, Key=key, Body=csv_of(result))
        execution.result = result
        execution.end("SUCCEEDED")


def _check_text(sql: str) -> None:
    if len(sql) > _MAXIMUM_CHARACTERS:
        raise invalid_request("Queries of this size are not supported", "INVALID_INPUT")
    explained = _EXPLAIN.fullmatch(sql)
    statement = explained["sql"] if explained else sql
    if not _SELECT.match(statement):
        word = (statement.split() or [""])[0]
        raise invalid_request(f"line 1:1: mismatched input '{word}'", "MALFORMED_QUERY")
    try:
        trees = sqlglot.parse(statement, dialect="athena")
    except SqlglotError as error:
        message = f"line 1:1: mismatched input: {str(error).splitlines()[0]}"
        raise invalid_request(message, "MALFORMED_QUERY") from None
    if len(trees) != 1:
        raise invalid_request("Only one sql statement is allowed.", "MALFORMED_QUERY")
