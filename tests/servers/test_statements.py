"""What is shown for PostgreSQL and MariaDB is SQL that these servers execute: of the catalogue and of the sample schema."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.catalogue.entries import Entry, select
from tests.servers.database import Server, mariadb, postgresql
from translator import Dialect, JobFailed, Options, SourceError, Workbench
from translator.schema.sample import MODELS as SAMPLES
from webapp.examples import EXAMPLES

FAMILIES = ["query-exec", "query-dml", "select-core"]
MODELS = (Path(__file__).parents[1] / "catalogue" / "runtime" / "models.py").read_text().partition("# :: models\n")[2]
HEAD = (
    "from sqlalchemy import Column, ForeignKey, Integer, Numeric, String, Table\n"
    "from sqlalchemy.orm import declarative_base, relationship\n\n"
)
SERVERS = {Dialect.POSTGRESQL: postgresql, Dialect.MYSQL: mariadb}


@dataclass(slots=True)
class Executed:
    """What one server did with all statements."""

    accepted: int = 0
    wrong: list[str] = field(default_factory=list)
    """Refused, though the statement of the code as it was is taken."""
    both: list[str] = field(default_factory=list)
    """Refused on both sides: raw SQL, a NULL where none may be; the code's own affair."""
    tables: int = 0


def _of_catalogue(entry: Entry) -> str:
    return "\n".join(part for part in (entry.setup, entry.setup_legacy, entry.legacy) if part) + "\n"


def _of_samples() -> Iterator[str]:
    for name, sample in SAMPLES.items():
        column = next(iter(sample.columns))
        yield f"session.query({name}).filter({name}.{column} != None).order_by({name}.{column}.desc()).limit(3).all()\n"
        yield f"session.query({name}.{column}, func.count({name}.id)).group_by({name}.{column}).having(func.count() > 1).all()\n"
        yield f"session.query({name}).filter({name}.id.in_([1, 2])).update({{'{column}': {name}.{column}}}, False)\n"
        yield f"session.query({name}).filter_by(id=3).delete()\n"
        for relation in sample.relations:
            yield f"session.query({name}).join({name}.{relation}).options(joinedload({name}.{relation})).offset(1).first()\n"


@pytest.fixture(scope="module")
def bench() -> Iterator[Workbench]:
    """One workbench for all."""
    made = Workbench(queue=1000, patience=600)
    yield made
    made.close()


def _report(bench: Workbench, source: str, dialect: Dialect, schema: str) -> dict[str, Any] | None:
    options = Options(dialect=dialect, schema=schema, convert_escaping=True)
    try:
        return bench.convert(source, options, verify=True)
    except (SourceError, JobFailed):
        return None


def _execute(report: dict[str, Any], server: Server, source: str, into: Executed) -> None:
    proof = report["verification"]
    if not proof["ddl"]:
        return
    server.prepare(proof["ddl"])
    into.tables += len(proof["ddl"])
    for pair in proof["statements"]:
        sides = {side: pair[side]["inline"] for side in ("before", "after") if pair[side] and pair[side]["inline"]}
        refusals = {side: server.refusal(sql) for side, sql in sides.items()}
        told = f"{source}\n{sides.get('after')}\n{refusals.get('after')}"
        if not refusals.get("after"):
            into.accepted += "after" in sides
        elif refusals.get("before", "only there"):
            into.both.append(told)
        else:
            into.wrong.append(told)


def _all(bench: Workbench, dialect: Dialect, sources: list[tuple[str, str]]) -> Executed:
    opened: AbstractContextManager[Server | None] = SERVERS[dialect]()
    done = Executed()
    with opened as server, ThreadPoolExecutor(2) as pool:
        if server is None:
            pytest.skip(f"no {dialect} server listens on this machine")
        reports = pool.map(lambda pair: _report(bench, pair[0], dialect, pair[1]), sources)
        for (source, _), report in zip(sources, reports, strict=True):
            if report is not None:
                _execute(report, server, source, done)
    return done


@pytest.mark.parametrize("dialect", SERVERS)
def test_the_catalogue_on_a_server(bench: Workbench, dialect: Dialect) -> None:
    """Every statement that the server takes of the legacy form it takes of the translation, and nearly all are taken."""
    entries = [entry for entry in select(FAMILIES) if not entry.environment and entry.legacy_runs]
    done = _all(bench, dialect, [(_of_catalogue(entry), HEAD + MODELS) for entry in entries])
    print(
        f"{dialect}: {len(entries)} entries, {done.accepted} statements executed, {len(done.both)} refused on both sides"
    )
    assert done.wrong == []
    assert done.accepted > 120
    assert len(done.both) < done.accepted / 20, "\n\n".join(done.both)


@pytest.mark.parametrize("dialect", SERVERS)
def test_the_sample_schema_on_a_server(bench: Workbench, dialect: Dialect) -> None:
    """Each model with its columns and relationships, and the examples of the page."""
    sources = [*_of_samples(), *(example.source for example in EXAMPLES)]
    done = _all(bench, dialect, [(source, "") for source in sources])
    print(
        f"{dialect}: {len(sources)} texts, {done.accepted} statements executed, {len(done.both)} refused on both sides"
    )
    assert done.wrong == []
    assert done.both == []
    assert done.accepted > len(sources) * 0.8
