"""Settings: what is read, and what is refused before the server starts."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.webapp.live_server import PROJECT
from webapp.config import ConfigurationError, Settings, load_settings


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' own environment must not decide."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"REQUERY_TRUST_LOCAL": "1", "HOST": "0.0.0.0"}, "REQUERY_TRUST_LOCAL"),
        ({"REQUERY_PATIENCE": "0"}, "REQUERY_PATIENCE"),
        ({"REQUERY_PATIENCE": "long"}, "REQUERY_PATIENCE"),
        ({"REQUERY_TRUST_LOCAL": "1", "HOST": "::"}, "REQUERY_TRUST_LOCAL"),
        ({"REQUERY_TRUST_LOCAL": "1", "HOST": "example.org"}, "REQUERY_TRUST_LOCAL"),
        ({"WEB_CONCURRENCY": "2"}, "REDIS_URL"),
        ({"PORT": "http"}, "PORT"),
        ({"PROXY_HOPS": "-1"}, "PROXY_HOPS"),
    ],
)
def test_unsafe_or_wrong_settings_are_refused(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], named: str
) -> None:
    """The message names the variable and says what to do, without repeating a value that may be secret."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=named):
        load_settings()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_one_person_may_trust_their_own_machine(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    """On loopback the proof may run without the kernel's jail."""
    monkeypatch.setenv("REQUERY_TRUST_LOCAL", "1")
    monkeypatch.setenv("HOST", host)
    assert load_settings().requery_trust_local


def test_the_secret_is_made_once_and_kept_private(tmp_path: Path) -> None:
    """Restarts name the same content alike; nobody else on the machine can read the key."""
    first, second = Settings(data_dir=tmp_path).secret(), Settings(data_dir=tmp_path).secret()
    assert first == second
    assert len(first) >= 32
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
    assert Settings(data_dir=tmp_path, secret_key="given").secret() == b"given"


def test_platform_addresses_of_postgresql_are_taken(tmp_path: Path) -> None:
    """The old scheme that platforms hand out names the driver that SQLAlchemy 2 needs."""
    settings = Settings(data_dir=tmp_path, database_url="postgres://u:p@db/requery")
    assert settings.database == "postgresql+psycopg://u:p@db/requery"
    assert Settings(data_dir=tmp_path).database == f"sqlite:///{tmp_path}/requery.db"


def test_gunicorn_says_in_one_line_why_it_does_not_start() -> None:
    """No traceback, and a status that a supervisor notices."""
    run = subprocess.run(
        [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "webapp:create_app()"],
        cwd=PROJECT,
        env={"PATH": "/usr/bin:/bin", "REQUERY_TRUST_LOCAL": "1", "HOST": "0.0.0.0"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode != 0
    assert "REQUERY_TRUST_LOCAL" in run.stderr
    assert "Traceback" not in run.stderr


def test_trust_is_refused_whatever_address_gunicorn_is_given() -> None:
    """`--bind` on the command line does not get round the check of HOST."""
    run = subprocess.run(
        [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "-b", "0.0.0.0:0", "webapp:create_app()"],
        cwd=PROJECT,
        env={"PATH": "/usr/bin:/bin", "REQUERY_TRUST_LOCAL": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode != 0
    assert "REQUERY_TRUST_LOCAL is refused" in run.stderr
