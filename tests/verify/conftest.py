"""One prover for all tests of the proof: its zygotes are the real ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from translator.schema.infer import plan
from translator.verify.harness import Prover, Sides, runtime_14
from translator.verify.trace import Verification

Prove = Callable[..., Verification]


@pytest.fixture(scope="session")
def prover() -> Iterator[Prover]:
    assert runtime_14() is not None, "SQLAlchemy 1.4 is not installed beside this checkout: run `make test`"
    found = Prover()
    yield found
    found.close()


@pytest.fixture(scope="session")
def prove(prover: Prover) -> Prove:
    """Prove a hand-written translation."""

    def prove(before: str, after: str, dialect: str = "sqlite") -> Verification:
        lines = range(1, 1000)
        return prover.prove(Sides(before, after, lines, lines), plan(before), dialect)

    return prove
