"""Judges statements one by one, in a process of its own that may crash or hang without harm."""

import json
import multiprocessing
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from pydantic import ValidationError

from domain.errors import OperatorError
from domain.verdict import Verdict, Violation
from sql_guard.batch_schema import BatchSchema
from sql_guard.guard import Guard
from sql_guard.rules import GuardRules, load_rules

_CONTEXT = multiprocessing.get_context("spawn")
_START_SECONDS = 60.0


def read_schema(text: str) -> BatchSchema:
    """Reads a schema file. Raises OperatorError where it is wrong."""
    try:
        return BatchSchema.model_validate_json(text)
    except ValidationError as error:
        raise OperatorError(f"The schema cannot be used: {error}") from error


def check_batch(
    lines: Iterable[str], schema: BatchSchema | None, seconds_per_statement: float = 5.0
) -> Iterator[dict[str, object]]:
    """Yields one result for each line `{id, sql, schema?}`: `{id, verdict, rules, sql, reasons}`.

    A statement that crashes the guard's process, or outlasts the time, is rejected with a rule of
    its own, and the next line is judged by a new process.
    """
    judge = _Judge(schema, seconds_per_statement)
    try:
        for line in lines:
            if line.strip():
                yield _check_line(line, judge)
    finally:
        judge.stop()


def _check_line(line: str, judge: "_Judge") -> dict[str, object]:
    try:
        request = json.loads(line)
        identity, sql, schema = request.get("id"), request["sql"], request.get("schema")
    except (ValueError, KeyError, AttributeError, RecursionError):
        return _result(None, _refusal("invalid_request", "The line is no object with `sql`."))
    if not isinstance(sql, str):
        return _result(identity, _refusal("invalid_request", "`sql` is no text."))
    return _result(identity, judge.judge(sql, schema))


def _result(identity: object, verdict: Verdict) -> dict[str, object]:
    return {
        "id": identity,
        "verdict": "allow" if verdict.allowed else "reject",
        "rules": sorted({violation.rule for violation in verdict.violations}),
        "sql": verdict.sql,
        "reasons": [f"{v.message} {v.hint}".strip() for v in verdict.violations],
        "warnings": [warning.rule for warning in verdict.warnings],
        "notes": list(verdict.notes),
    }


class _Judge:
    """A worker process that is started when needed and replaced when it dies or hangs."""

    def __init__(self, schema: BatchSchema | None, seconds: float) -> None:
        self._schema = schema.model_dump_json() if schema is not None else None
        self._seconds = seconds
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None

    def judge(self, sql: str, schema: object) -> Verdict:
        connection = self._connection or self._start()
        try:
            connection.send((sql, json.dumps(schema) if schema is not None else self._schema))
            if not connection.poll(self._seconds):
                self.stop()
                return _refusal(
                    "guard_timeout", "The statement could not be checked in time.", "Simplify it."
                )
            answer: str = connection.recv()
        except (EOFError, OSError):
            self.stop()
            return _refusal("guard_crashed", "The statement broke the check.", "Simplify it.")
        return Verdict.model_validate_json(answer)

    def stop(self) -> None:
        """Ends the process, whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._connection is not None:
            self._connection.close()
        self._process = self._connection = None

    def _start(self) -> Connection:
        self._connection, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        if not self._connection.poll(_START_SECONDS):
            raise OperatorError("The guard's process does not start.")
        self._connection.recv()
        return self._connection


def _serve(connection: Connection) -> None:
    """Runs in the worker: a request is the statement and its schema as JSON text."""
    rules = load_rules()
    guards: dict[str | None, Guard | Verdict] = {}
    attributes: dict[str | None, dict[str, str]] = {}
    connection.send("ready")
    while True:
        try:
            sql, schema = connection.recv()
        except EOFError:
            return
        if schema not in guards:
            if len(guards) > 100:
                guards.clear()
            guards[schema], attributes[schema] = _prepare(schema, rules)
        guard = guards[schema]
        verdict = guard.check(sql, attributes[schema]) if isinstance(guard, Guard) else guard
        connection.send(verdict.model_dump_json())


def _prepare(schema: str | None, rules: GuardRules) -> tuple[Guard | Verdict, dict[str, str]]:
    if schema is None:
        return _refusal("invalid_schema", "There is no schema for this statement."), {}
    try:
        parsed = BatchSchema.model_validate_json(schema)
    except ValidationError as error:
        return _refusal("invalid_schema", f"The schema cannot be used: {error.errors()[0]}."), {}
    return Guard(parsed.catalog(), parsed.policy(), rules), parsed.attributes


def _refusal(rule: str, message: str, hint: str = "") -> Verdict:
    return Verdict(violations=(Violation(rule=rule, message=message, hint=hint),))
