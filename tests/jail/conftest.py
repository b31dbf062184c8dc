"""Real zygotes for the tests of the jail, started once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from translator.jail.client import Zygote, ZygoteSpec

HERE = str(Path(__file__).parent)


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    """A zygote that does the deeds of `entries.py`."""
    found = Zygote(ZygoteSpec(entry="entries:handle", paths=(HERE,)))
    yield found
    found.close()


@pytest.fixture(scope="session")
def runner() -> Iterator[Zygote]:
    """A zygote that runs pasted code on SQLAlchemy 2.x."""
    found = Zygote(ZygoteSpec(entry="jail.worker:run_job", runs_code=True))
    yield found
    found.close()
