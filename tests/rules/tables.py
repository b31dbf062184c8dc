"""The tables and relationships that a text of models makes, on each version of SQLAlchemy, in a process of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from translator import Options, Translation, translate

PROJECT = Path(__file__).resolve().parents[2]
PRINTER = """
import json, sys, types, warnings
warnings.simplefilter("ignore")
from sqlalchemy import MetaData, inspect
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.orm import configure_mappers
from sqlalchemy.schema import CreateIndex, CreateTable
module = types.ModuleType("models_under_test")
sys.modules[module.__name__] = module
exec(compile(sys.stdin.read(), "models_under_test.py", "exec"), module.__dict__)
configure_mappers()
found = {}
metadatas = {id(m): m for v in list(vars(module).values()) for m in (v, getattr(v, "metadata", None)) if isinstance(m, MetaData)}
for metadata in metadatas.values():
    for table in metadata.tables.values():
        for dialect in (sqlite, postgresql, mysql):
            name = dialect.__name__.rpartition(".")[2]
            try:
                ddl = str(CreateTable(table).compile(dialect=dialect.dialect()))
                ddl += "".join(sorted(str(CreateIndex(i).compile(dialect=dialect.dialect())) for i in table.indexes))
            except Exception as error:
                ddl = type(error).__name__
            found[f"{table.fullname} on {name}"] = ddl
for value in list(vars(module).values()):
    mapper = inspect(value, raiseerr=False) if isinstance(value, type) else None
    for relation in mapper.relationships if mapper is not None else ():
        held = getattr(value(), relation.key)
        kind = next((b.__name__ for b in (list, set, dict) if isinstance(held, b)), "dynamic" if held is not None else "one")
        told = [relation.mapper.class_.__name__, relation.direction.name, relation.uselist, str(relation.lazy), kind]
        told += [sorted(r.key for r in relation._reverse_property), str(relation.primaryjoin), sorted(map(str, relation.cascade))]
        told += [str(relation.order_by), relation.viewonly, relation.post_update, relation.passive_deletes]
        found[f"{mapper.class_.__name__}.{relation.key}"] = json.dumps(told)
print(json.dumps(found))
"""


def created(source: str, *, legacy: bool) -> dict[str, str]:
    """The CREATE TABLE and CREATE INDEX of each table of a text on three dialects, on 1.4 or on the 2.x installed.

    Also what each relationship is: direction, kind of collection, join, cascades."""
    environment = dict(os.environ)
    environment.pop("PYTHONPATH", None)
    if legacy:
        environment["PYTHONPATH"] = str(PROJECT / ".runtime-1.4")
    run = subprocess.run(
        [sys.executable, "-c", PRINTER], input=source, env=environment, capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 0, f"{run.stderr[-1500:]}\n{source}"
    found: dict[str, str] = json.loads(run.stdout)
    assert found, "no tables"
    return found


def _written_alike(ddl: str) -> str:
    """Without what 2.x itself writes otherwise, whatever the models look like: brackets of defaults, STORED."""
    plain = re.sub(r"DEFAULT \((\d+|CURRENT_TIMESTAMP|now\(\))\)", r"DEFAULT \1", ddl)
    return plain.replace(") STORED", ")")


def same_tables(source: str, options: Options | None = None) -> Translation:
    """The text makes the same tables on 1.4 as its translation does on 2.x."""
    translation = translate(source, options or Options())
    before, after = created(source, legacy=True), created(translation.output, legacy=False)
    plain = [{name: _written_alike(ddl) for name, ddl in found.items()} for found in (before, after)]
    assert plain[1] == plain[0], translation.output
    assert translate(translation.output, options or Options()).output == translation.output
    return translation
