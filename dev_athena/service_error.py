"""Errors in the form of the AWS JSON 1.1 protocol."""

from http import HTTPStatus

import orjson
from werkzeug.wrappers import Response

_CONTENT_TYPE = "application/x-amz-json-1.1"


class ServiceError(Exception):
    """An error that the API answers with. `fields` are members of the error shape."""

    def __init__(
        self, code: str, message: str, status: int = HTTPStatus.BAD_REQUEST, **fields: str
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.fields = fields

    def response(self) -> Response:
        """Returns what the caller gets."""
        return json_response(
            {"__type": self.code, "Message": self.message, "message": self.message, **self.fields},
            self.status,
        )


def invalid_request(message: str, athena_code: str = "INVALID_INPUT") -> ServiceError:
    """Returns Athena's answer to a request that it cannot read."""
    return ServiceError("InvalidRequestException", message, AthenaErrorCode=athena_code)


def json_response(body: dict[str, object], status: int = HTTPStatus.OK) -> Response:
    """Returns a JSON 1.1 response."""
    return Response(orjson.dumps(body), status=status, content_type=_CONTENT_TYPE)
