"""The settings of the web application, read once from the environment.

Knows nothing of Flask. Anything that would make the service unsafe is refused here, before it starts.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent.parent
"""The folder that holds templates and static files."""

SOURCE_LIMIT = 64 * 1024
"""Bytes of UTF-8 that a source may have."""

BODY_LIMIT = 8 * SOURCE_LIMIT
"""Bytes of a request body: JSON may spell each byte of the source in six (``\\u0041``)."""


class ConfigurationError(RuntimeError):
    """A setting has a value the service must not start with; the message says which and what to do."""


class Settings(BaseSettings):
    """Each field is read from the environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    web_concurrency: int = Field(default=1, ge=1, le=64)
    """Worker processes; more than one needs `redis_url`, or each would count its own rate limits."""
    threads: int = Field(default=32, ge=1, le=128)
    """Requests at a time in one worker: sixteen that work, as many that wait for their turn."""
    data_dir: Path = PROJECT / ".data"
    database_url: str = ""
    """Empty: the SQLite file ``requery.db`` in `data_dir`."""
    secret_key: SecretStr = SecretStr("")
    """Names shares. Empty: made once and kept in `data_dir`."""
    redis_url: str = ""
    rate_limit: str = "240 per minute; 4000 per hour"
    """Translations from one address."""
    share_rate_limit: str = "60 per hour"
    """New shares from one address."""
    proxy_hops: int = Field(default=0, ge=0, le=5)
    """How many proxies in front are trusted to name the client's address."""
    share_days: int = Field(default=0, ge=0)
    """Days after which a share is gone; 0 keeps it."""
    verify_postgresql: SecretStr = SecretStr("")
    """A PostgreSQL database in which proofs are run as well, e.g. ``postgresql://prover:…@db.example/prover``: in a schema
    that never outlives its transaction. The role must have no rights but to make one; see the README. Empty: none."""
    report_url: str = ""
    """Where a translation that is proven different may be reported: `{title}` and `{body}` are filled in, e.g.
    ``https://git.example/requery/issues/new?title={title}&body={body}``. Empty: the report is copied instead."""
    requery_trust_local: bool = False
    """Run the proof without a kernel jail: one person, their own machine, loopback only."""
    requery_patience: float = Field(default=1.0, ge=1, le=10)
    """How many times ten seconds a job may take, and five seconds of processor time: for slow machines."""

    @model_validator(mode="after")
    def _refuse_what_is_unsafe(self) -> Settings:
        if self.requery_trust_local and not is_loopback(self.host):
            raise ValueError(
                f"REQUERY_TRUST_LOCAL runs pasted code without a jail and is refused when the server listens on "
                f"{self.host}; unset it, or set HOST=127.0.0.1"
            )
        if self.web_concurrency > 1 and not self.redis_url:
            raise ValueError(
                "WEB_CONCURRENCY above 1 needs REDIS_URL, because rate limits kept in memory would count each "
                "worker process on its own; set REDIS_URL, or use THREADS instead"
            )
        return self

    @model_validator(mode="after")
    def _refuse_other_schemes(self) -> Settings:
        address = self.verify_postgresql.get_secret_value()
        if address and not address.startswith(("postgresql://", "postgres://")):
            raise ValueError("VERIFY_POSTGRESQL must begin with postgresql://")
        if self.report_url and not self.report_url.startswith(("https://", "http://", "mailto:")):
            raise ValueError("REPORT_URL must begin with https://, http:// or mailto:")
        return self

    @property
    def database(self) -> str:
        """The database's address as SQLAlchemy takes it."""
        if not self.database_url:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            return f"sqlite:///{self.data_dir / 'requery.db'}"
        scheme, _, rest = self.database_url.partition("://")
        # Platforms still hand out "postgres://", which SQLAlchemy dropped in 1.4.
        return f"postgresql+psycopg://{rest}" if scheme in {"postgres", "postgresql"} else self.database_url

    def secret(self) -> bytes:
        """The key that names shares; made and kept on first use if none is set."""
        given = self.secret_key.get_secret_value()
        return given.encode() if given else _kept_secret(self.data_dir / "secret_key")


def load_settings() -> Settings:
    """Read the environment; raises `ConfigurationError` with one line for each wrong variable."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"{'.'.join(str(part) for part in item['loc']).upper() or 'configuration'}: "
            f"{item['msg'].removeprefix('Value error, ')}"
            for item in error.errors(include_input=False, include_url=False)
        ]
        raise ConfigurationError("\n".join(lines)) from None


def is_loopback(host: str) -> bool:
    """Whether an address to listen on is reachable from this machine only."""
    if host == "localhost" or host.startswith("unix:"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _kept_secret(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written beside and linked into place, so that two workers starting at once agree on one complete file.
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process, or an earlier start, was first; its key is the one to use
    finally:
        draft.unlink()
    return path.read_bytes()
