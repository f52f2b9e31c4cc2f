"""Amazon Bedrock over its Converse API. Keys come from the AWS credential chain."""

import asyncio

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, ReadTimeoutError
from langchain_aws import ChatBedrockConverse
from langchain_core.exceptions import ContextOverflowError
from urllib3.exceptions import HTTPError

from llm_clients.call_failure import CallFailedError, FailureKind
from llm_clients.model_list import ModelEntry
from llm_clients.model_options import ModelOptions, OpenedModel

_CONNECT_SECONDS = 5

_KINDS = {
    "throttlingexception": FailureKind.OVERLOADED,
    "servicequotaexceededexception": FailureKind.OVERLOADED,
    "toomanyrequestsexception": FailureKind.OVERLOADED,
    "modelnotreadyexception": FailureKind.OVERLOADED,
    "serviceunavailableexception": FailureKind.UNREACHABLE,
    "internalserverexception": FailureKind.UNREACHABLE,
    "modeltimeoutexception": FailureKind.TIMED_OUT,
    "modelstreamerrorexception": FailureKind.CUT_OFF,
}
_FIRST_SERVER_STATUS = 500


def open_bedrock(entry: ModelEntry, options: ModelOptions) -> OpenedModel:
    """Returns the chat model. Retries are ours, so the library's own are off."""
    config = Config(
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=options.timeout_seconds,
        retries={"total_max_attempts": 1},
    )
    model = ChatBedrockConverse(
        model_id=entry.id,
        region_name=options.region,
        endpoint_url=options.base_url,
        config=config,
        temperature=options.temperature,
        max_tokens=options.maximum_tokens,
        bedrock_api_key=options.api_key(),
    )

    async def close() -> None:
        await asyncio.to_thread(model.client.close)
        await asyncio.to_thread(model.bedrock_client.close)

    return OpenedModel(model, close)


def bedrock_failure(error: Exception) -> CallFailedError | None:
    """Returns what an exception of botocore means; None for any other."""
    match error:
        case ContextOverflowError():
            return None
        case ClientError():
            return _client_failure(error)
        case ReadTimeoutError():
            kind = FailureKind.TIMED_OUT
        case HTTPClientError():
            kind = FailureKind.UNREACHABLE
        case BotoCoreError():
            kind = FailureKind.MISCONFIGURED
        case ConnectionError() | HTTPError() | ValueError():
            # A stream without its end, a lost connection, or a body that is no reply.
            kind = FailureKind.CUT_OFF
        case _:
            return None
    return CallFailedError(kind, f"{type(error).__name__}: {error}")


def _client_failure(error: ClientError) -> CallFailedError:
    metadata = error.response.get("ResponseMetadata", {})
    code = error.response.get("Error", {}).get("Code", "")
    is_server = metadata.get("HTTPStatusCode", 0) >= _FIRST_SERVER_STATUS
    unknown = FailureKind.UNREACHABLE if is_server else FailureKind.MISCONFIGURED
    asked = metadata.get("HTTPHeaders", {}).get("retry-after", "")
    seconds = float(asked) if asked.isdigit() else None
    return CallFailedError(_KINDS.get(code.lower(), unknown), str(error), seconds)
