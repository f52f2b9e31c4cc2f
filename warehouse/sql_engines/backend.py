"""What differs between the engines behind SQLAlchemy."""

from abc import ABC, abstractmethod
from typing import Any

from sqlalchemy.engine import URL

from domain.errors import OperatorError, VtionError
from warehouse.sql_engines.statement_place import StatementPlace


class Backend(ABC):
    """One kind of engine."""

    name: str
    """What stands on the receipt."""
    dialect: str
    """The dialect that sqlglot renders."""
    errors: tuple[type[Exception], ...]
    """What the driver raises."""
    outlives_connections: bool = False
    """True where a statement goes on without the connection that began it."""

    @abstractmethod
    def address(self, url: URL) -> URL:
        """Returns the URL with the driver that is used."""

    @abstractmethod
    def default_schema(self, url: URL) -> str:
        """Returns the schema whose tables are served."""

    @abstractmethod
    def connect_arguments(self, timeout_seconds: float) -> dict[str, Any]:
        """Returns arguments of the driver: bounds that the engine keeps by itself."""

    def cursor(self, connection: Any, place: StatementPlace | None) -> Any:  # noqa: ANN401 - a driver's own
        """Returns a cursor that keeps where its statement is asked about, if the engine says it."""
        del place
        return connection.cursor()

    @abstractmethod
    def explain(self, sql: str) -> str:
        """Returns the statement that plans without running."""

    @abstractmethod
    def cancel(self, connection: Any, cursor: Any) -> None:  # noqa: ANN401 - a driver's own
        """Stops what runs, from another thread."""

    @abstractmethod
    def column(self, described: Any) -> tuple[str, str]:  # noqa: ANN401 - a driver's own
        """Returns name and Athena type of an item of a cursor's description."""

    @abstractmethod
    def classify(self, error: Exception) -> VtionError:
        """Returns the error, by who can act on it."""


def backend_of(scheme: str) -> Backend:
    """Returns the backend of a URL's scheme; raises OperatorError for one without any."""
    kind = scheme.partition("+")[0]
    # Imported here: each brings its driver.
    if kind in ("postgresql", "redshift"):
        from warehouse.sql_engines.postgres import Postgres, Redshift

        return Redshift() if kind == "redshift" else Postgres()
    if kind == "trino":
        from warehouse.sql_engines.trino import Trino

        return Trino()
    raise OperatorError(
        f"VTION_WAREHOUSE cannot begin with {scheme}:.",
        "It begins with duckdb://, athena://, trino://, postgresql:// or redshift://.",
    )
