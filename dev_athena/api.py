"""Athena's operations: JSON 1.1 in, JSON 1.1 out."""

from collections import Counter
from collections.abc import Callable
from typing import Any, TypeAlias

import orjson
from werkzeug.wrappers import Request, Response

from dev_athena.executions import Executions
from dev_athena.faults import Faults
from dev_athena.result_pages import result_page
from dev_athena.service_error import ServiceError, invalid_request, json_response
from dev_athena.table_metadata import TableMetadata
from dev_athena.workgroups import Workgroup, Workgroups

TARGET_PREFIX = "AmazonAthena."
_Body: TypeAlias = dict[str, Any]
_MAXIMUM_BATCH = 50


class AthenaApi:
    """Answers requests by the operation that they name."""

    def __init__(
        self,
        executions: Executions,
        workgroups: Workgroups,
        metadata: TableMetadata,
        faults: Faults,
    ) -> None:
        self._executions = executions
        self._workgroups = workgroups
        self._faults = faults
        self.calls: Counter[str] = Counter()
        """How often each operation was called."""
        self._operations: dict[str, Callable[[_Body], _Body]] = {
            "StartQueryExecution": self._start,
            "GetQueryExecution": self._get,
            "BatchGetQueryExecution": self._batch_get,
            "ListQueryExecutions": self._list,
            "StopQueryExecution": self._stop,
            "GetQueryResults": self._results,
            "GetWorkGroup": self._workgroup,
            "ListWorkGroups": self._list_workgroups,
            "CreateWorkGroup": self._create_workgroup,
            "GetDataCatalog": metadata.data_catalog,
            "GetDatabase": metadata.database,
            "ListDatabases": metadata.databases,
            "GetTableMetadata": metadata.table,
            "ListTableMetadata": metadata.tables,
        }

    def answer(self, request: Request) -> Response:
        """Returns the response; raises ConnectionCutError where a fault says so."""
        operation = request.headers["X-Amz-Target"].removeprefix(TARGET_PREFIX)
        body = orjson.loads(request.get_data() or b"{}")
        self.calls[operation] += 1
        try:
            self._faults.before(operation, body)
            if operation not in self._operations:
                raise ServiceError("UnknownOperationException", f"{operation} is not served here.")
            answer = self._operations[operation](body)
        except ServiceError as error:
            return error.response()
        self._faults.after(operation)
        return json_response(answer)

    def _start(self, body: _Body) -> _Body:
        return {"QueryExecutionId": self._executions.start(body).id}

    def _get(self, body: _Body) -> _Body:
        execution = self._executions.get(body["QueryExecutionId"])
        return {"QueryExecution": execution.describe()}

    def _batch_get(self, body: _Body) -> _Body:
        ids = body["QueryExecutionIds"]
        if len(ids) > _MAXIMUM_BATCH:
            raise invalid_request(f"At most {_MAXIMUM_BATCH} ids are allowed.")
        found = {execution_id: self._executions.find(execution_id) for execution_id in ids}
        return {
            "QueryExecutions": [item.describe() for item in found.values() if item is not None],
            "UnprocessedQueryExecutionIds": [
                {"QueryExecutionId": execution_id, "ErrorCode": "INVALID_INPUT"}
                for execution_id, item in found.items()
                if item is None
            ],
        }

    def _list(self, body: _Body) -> _Body:
        workgroup = body.get("WorkGroup", "primary")
        ids = [item.id for item in self._executions.all() if item.workgroup == workgroup]
        return {"QueryExecutionIds": ids[: body.get("MaxResults", _MAXIMUM_BATCH)]}

    def _stop(self, body: _Body) -> _Body:
        self._executions.stop(body["QueryExecutionId"])
        return {}

    def _results(self, body: _Body) -> _Body:
        execution = self._executions.get(body["QueryExecutionId"])
        if execution.state != "SUCCEEDED" or execution.result is None:
            raise invalid_request(
                f"Query did not finish successfully. Final query state: {execution.state}",
                "INVALID_QUERY_EXECUTION_STATE",
            )
        return result_page(execution.result, body)

    def _workgroup(self, body: _Body) -> _Body:
        return {"WorkGroup": self._workgroups.get(body["WorkGroup"]).describe()}

    def _list_workgroups(self, body: _Body) -> _Body:
        del body
        names = self._workgroups.names()
        return {"WorkGroups": [{"Name": name, "State": "ENABLED"} for name in names]}

    def _create_workgroup(self, body: _Body) -> _Body:
        configuration = body.get("Configuration", {})
        result = configuration.get("ResultConfiguration", {})
        workgroup = Workgroup(
            name=body["Name"],
            output_location=result.get("OutputLocation", ""),
            cutoff_bytes=configuration.get("BytesScannedCutoffPerQuery"),
            is_enforced=configuration.get("EnforceWorkGroupConfiguration", True),
        )
        self._workgroups.put(workgroup)
        return {}
