"""Settings come from `VTION_*` variables, then from `vtion.toml`, then from the defaults here."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from domain.errors import OperatorError
from domain.user import Role
from settings.budget import Budget


class Settings(BaseSettings):
    """Every setting of the service. A wrong value stops the start and names the variable."""

    model_config = SettingsConfigDict(
        env_prefix="VTION_", toml_file="vtion.toml", extra="forbid", frozen=True
    )

    warehouse: str = "duckdb://var/data/vtion"
    """`duckdb:///file.duckdb`, `duckdb://folder/of/parquet-csv-json`,
    `athena://?region=&workgroup=&database=` (also: catalog, output, endpoint, reuse_minutes,
    concurrency), `trino://user@host:port/catalog/schema`, `postgresql://...` or
    `redshift://...`."""
    llm: str = "embedded"
    """`embedded` (no model, no key), `bedrock:`, `openai:`, `gemini:` or `local:` with an alias of
    `llm_clients/models.yaml` or the provider's id, `replay:<cassette>`, `scripted:<file>`."""
    llm_fallback: str = ""
    """The model that is asked where the first does not answer."""
    llm_base_url: str | None = None
    """Any server that speaks the provider's protocol, such as vLLM or Ollama for `openai:`."""
    llm_region: str | None = None
    """AWS region of Bedrock and of the secret; None: as the AWS libraries find it."""
    llm_api_key: SecretStr | None = None
    """The provider's key; Bedrock needs none where the AWS credential chain finds some."""
    llm_api_key_secret: str = ""
    """Name or ARN of a secret in AWS Secrets Manager with the key, with `#field` for a JSON one."""
    llm_timeout_seconds: float = Field(default=60.0, gt=0)
    """Longest wait for a reply, or for the next piece of one that streams."""
    llm_attempts: int = Field(default=3, ge=1, le=10)
    """Tries a call may take before the fallback is asked."""
    llm_prompt_tokens: int = Field(default=24_000, ge=1_000)
    """The longest prompt of a question, about 700 columns; less where the model has no room. A
    schema that fits goes in whole, of a larger one what the question needs."""
    llm_candidates: int = Field(default=1, ge=1, le=5)
    """How often the model reads a question; the result that most readings share is believed."""
    llm_cross_check: Literal["off", "compare", "ask_again"] = "compare"
    """What the planner's reading is for: nothing; to hold its result against the model's; and
    where they differ to have the model read the question once more."""
    llm_record: Path | None = None
    """A cassette that every model call is added to."""
    prompts: Path | None = None
    """Folder of the prompts; None: those that come with the service."""
    llm_run_seconds: float = Field(default=90.0, gt=0)
    """The model calls of one question end after so long, retries and fallbacks included."""
    context: str | Path = Path("var/context/vtion")
    """The context store: a folder, or `s3://bucket/generated_context/` (also: region, endpoint,
    `pointer=dynamodb:<table>`)."""
    suites: tuple[Path, ...] = ()
    """Suite files that the approval of a verified query may not break, besides the shipped ones
    that ask this data and `var/evals/production.yaml`."""
    policy: str = ""
    """Policy file; empty: derived from the dictionary; `open`: data without persons."""
    state: str = "sqlite:///var/state/vtion.sqlite"
    """Threads, checkpoints, runs, feedback and usage: `sqlite:///file` or `postgresql://...`."""
    evals: Path = Path("var/evals")
    """Folder of evaluations: `runs/`, and the suite `production.yaml` that runs are taken into."""
    today: date | None = None
    """What `today` means in questions; None: the clock, in `time_zone`."""
    time_zone: str = "Asia/Kolkata"

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    identity: str = "local"
    """`local` (no sign-in, loopback only), `keys`, or the URL of an OIDC issuer (keys work too)."""
    oidc_audience: str = ""
    """The client id that tokens must be issued for."""
    oidc_scope: str = "openid"
    """What the browser asks the issuer for; add `offline_access` where renewal needs it."""
    oidc_origins: tuple[str, ...] = ()
    """Where the issuer's endpoints lie beside its own origin, as Cognito's hosted domain does."""
    oidc_roles_claim: str = "cognito:groups"
    """The claim that lists analyst, prompt_engineer, evaluator or admin."""
    oidc_attributes: dict[str, str] = Field(default_factory=dict)
    """Attribute of row policies -> the claim that holds its value."""
    budgets: dict[Role, Budget] = Field(default_factory=dict)
    """Role -> what each of its users may take; a user has the widest of their roles' bounds."""
    sql_edit_roles: frozenset[Role] = frozenset(Role)
    """Who may run a statement of their own under a question; the guard judges it like a draft."""
    concurrent_runs: int = Field(default=256, ge=1)
    """Runs at work in one process; others wait in order and are told their place."""
    cors_origins: tuple[str, ...] = ()
    """Origins whose pages may call the service; none but its own by default."""
    abandoned_run_seconds: float = Field(default=30.0, ge=0)
    """A run that nobody follows any more is cancelled after so long."""
    heartbeat_seconds: float = Field(default=15.0, gt=0)
    """An idle stream carries a comment so often, for proxies that close silent connections."""
    lease_seconds: float = Field(default=15.0, ge=0.3)
    """A process that showed no sign of life for so long is gone: others take its runs up."""
    drain_seconds: float = Field(default=25.0, gt=0)
    """After SIGTERM runs may go on for so long; then their readers are told to come back."""
    ui_folder: Path = Path("ui/dist")
    """The built UI; the API alone is served where it is missing."""

    maximum_attempts: int = Field(default=3, ge=1, le=10)
    """Drafts of SQL a question may take before it is refused."""
    maximum_question_characters: int = Field(default=4_000, ge=1)
    warehouse_timeout_seconds: float = Field(default=60.0, gt=0)
    warehouse_memory_megabytes: int = Field(default=2_048, ge=64)
    """What one statement may take; its process is ended at about twice that."""
    warehouse_threads: int = Field(default=2, ge=1)
    """Statements that run at once, and the cores of each."""
    warehouse_queue: int = Field(default=64, ge=0)
    """Statements that may wait for a turn."""
    question_scan_megabytes: int | None = Field(default=100_000, ge=0)
    """The most that one question may read of a lake, told before it runs; None: no bound."""
    user_scan_megabytes_a_day: int | None = Field(default=1_000_000, ge=0)
    """The most that one user may read in a day (UTC); None: no bound."""
    scan_usd_per_terabyte: float = Field(default=5.0, ge=0)
    """What Athena charges for 10^12 bytes scanned."""

    with_ranking: bool = True
    """Rankings show what they rank by; evaluation that counts extra columns wrong says False."""

    log_level: str = "INFO"
    log_questions: bool = False
    """True puts question text into the logs."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Adds the TOML file below the environment."""
        try:
            file = TomlConfigSettingsSource(settings_cls)
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise OperatorError(f"vtion.toml cannot be read: {error}", "Mend it.") from error
        return init_settings, env_settings, file
