"""The server: Athena by us, every other AWS service by moto, on one loopback port."""

import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any

import boto3
import httpx
from botocore.config import Config
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from dev_athena.api import TARGET_PREFIX, AthenaApi
from dev_athena.engine import Engine
from dev_athena.executions import Executions
from dev_athena.faults import ConnectionCutError, Faults
from dev_athena.lake import Lake
from dev_athena.table_metadata import TableMetadata
from dev_athena.workgroups import Workgroup, Workgroups
from warehouse.athena.upload import UploadTarget

REGION = "ap-south-1"
RESULTS_BUCKET = "athena-results"
DEFAULT_WORKGROUP = Workgroup("primary", f"s3://{RESULTS_BUCKET}/primary/")
_HOST = "127.0.0.1"
_CREDENTIALS = {"aws_access_key_id": "dev", "aws_secret_access_key": "dev"}


class _QuietHandler(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: a poll every moment would bury all else."""


class AthenaServer:
    """Serves while the context is open. What it holds is lost when it ends."""

    def __init__(self, port: int = 0) -> None:
        self.faults = Faults()
        self.workgroups = Workgroups(DEFAULT_WORKGROUP)
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._server: BaseWSGIServer = make_server(
            _HOST, port, self._dispatch, threaded=True, request_handler=_QuietHandler
        )
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._folder = TemporaryDirectory(prefix="dev-athena-")
        self._clients: list[Any] = []
        glue, self._s3 = self.client("glue"), self.client("s3")
        self._engine = Engine(Lake(glue, self._s3, Path(self._folder.name)))
        self.executions = Executions(self._engine, self._s3, self.workgroups, self.faults)
        metadata = TableMetadata(glue)
        self.api = AthenaApi(self.executions, self.workgroups, metadata, self.faults)

    @property
    def endpoint(self) -> str:
        """The address of every service."""
        return f"http://{_HOST}:{self._server.server_port}"

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3's clients have no types
        """Returns a boto3 client of this server, closed with it."""
        client = boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            config=Config(s3={"addressing_style": "path"}),
            **_CREDENTIALS,
        )
        self._clients.append(client)
        return client

    def make_bucket(self, name: str) -> None:
        """Makes a bucket."""
        self._s3.create_bucket(
            Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION}
        )

    def target(self, location: str, database: str, *, is_projected: bool = False) -> UploadTarget:
        """Returns where `vtion data upload` would put data on this server."""
        return UploadTarget(location, database, REGION, self.endpoint, is_projected)

    def __enter__(self) -> "AthenaServer":
        self._thread.start()
        self.make_bucket(RESULTS_BUCKET)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.executions.close()
        self._engine.close()
        # moto keeps its state in the process, so the next server would find it.
        httpx.post(f"{self.endpoint}/moto-api/reset")
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        for client in self._clients:
            client.close()
        self._folder.cleanup()

    def _dispatch(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        if not environ.get("HTTP_X_AMZ_TARGET", "").startswith(TARGET_PREFIX):
            answer: Iterable[bytes] = self._moto(environ, start_response)
            return answer
        try:
            response = self.api.answer(Request(environ))
        except ConnectionCutError:
            with suppress(OSError):
                environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            response = Response()
        return response(environ, start_response)
