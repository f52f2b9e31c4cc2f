"""The provider's key from AWS Secrets Manager. Never logged, never in a repr."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from pydantic import SecretStr

from domain.errors import OperatorError

_REFRESH_SECONDS = 900.0


@dataclass(slots=True, eq=False)
class SecretsManagerKey:
    """A key behind a secret's name or ARN, optionally with `#field` of a JSON secret.

    It is kept for fifteen minutes, so that a rotated key is taken up without a restart.
    """

    name: str
    region: str | None = None
    clock: Callable[[], float] = time.monotonic
    _value: SecretStr | None = field(default=None, repr=False)
    _read_at: float = field(default=0.0, repr=False)

    def __call__(self) -> SecretStr:
        """Returns the key; raises OperatorError where the secret cannot be read."""
        if self._value is None or not self.is_fresh:
            self._value, self._read_at = self._read(), self.clock()
        return self._value

    @property
    def is_fresh(self) -> bool:
        """True where the key is at hand: to return it takes no call."""
        return self._value is not None and self.clock() - self._read_at < _REFRESH_SECONDS

    def _read(self) -> SecretStr:
        import boto3
        from botocore.exceptions import BotoCoreError, ClientError

        secret, _, key = self.name.partition("#")
        try:
            client = boto3.client("secretsmanager", region_name=self.region)
            text = client.get_secret_value(SecretId=secret)["SecretString"]
            return SecretStr(str(json.loads(text)[key]) if key else text)
        except (BotoCoreError, ClientError, KeyError, ValueError) as error:
            raise OperatorError(
                f"The model's key cannot be read from the secret {secret}"
                f" ({type(error).__name__}).",
                "See that it exists and that this role may read it.",
            ) from None
