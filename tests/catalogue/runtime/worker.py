"""Run snippets on the SQLAlchemy that is on the path. usage: worker.py JOBS.json RESULTS.json

Each job runs in a forked child on its own copy of the seeded SQLite file, so nothing leaks from one to the next.
Recorded: the SQL with its parameters, transaction events, warnings, the value of the last expression (or of the
variable `out`), the exception, and what was committed, as seen by a second connection.
Executed by every runtime: standard library and SQLAlchemy only. Knows nothing of the translator.
"""

from __future__ import annotations

import ast
import asyncio
import gc
import inspect
import json
import logging
import os
import shutil
import signal
import sqlite3
import sys
import tempfile
import traceback
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

os.environ["SQLALCHEMY_WARN_20"] = "1"
warnings.simplefilter("ignore")

import ban  # noqa: E402  # SQLALCHEMY_WARN_20 is read when SQLAlchemy is imported
import namespace  # noqa: E402
import seed  # noqa: E402
import sqlalchemy as sa  # noqa: E402
from rendering import show, squeeze  # noqa: E402
from sqlalchemy import event, orm  # noqa: E402
from sqlalchemy.engine import Engine  # noqa: E402
from sqlalchemy.pool import NullPool  # noqa: E402

SECONDS_PER_JOB = 30
TRANSACTION_EVENTS = ("begin", "commit", "rollback", "savepoint", "rollback_savepoint", "release_savepoint")
ASYNC_NODES = (ast.Await, ast.AsyncFor, ast.AsyncWith)
VALUE = "__value__"


class Recorder:
    """The log of one job; silent until it is switched on, so that setup leaves no trace."""

    def __init__(self) -> None:
        self.on = False
        self.entries: list[list[str]] = []

    def statement(self, _connection: Any, _cursor: Any, sql: str, parameters: Any, _context: Any, many: bool) -> None:
        if self.on:
            # 1.4 hands several rows over in a tuple, 2.x in a list
            self.entries.append(["sql", squeeze(sql), show(list(parameters) if many else parameters)])

    def listen(self) -> None:
        event.listen(Engine, "before_cursor_execute", self.statement)
        for name in TRANSACTION_EVENTS:
            event.listen(Engine, name, self._transaction(name))

    def _transaction(self, name: str) -> Any:
        def record(_connection: Any, *_: Any) -> None:
            if self.on:
                self.entries.append(["tx", name.upper(), ""])

        return record


RECORDER = Recorder()


def dump(path: Path) -> dict[str, list[str]]:
    """Every table's rows as a second connection sees them."""
    connection = sqlite3.connect(path)
    tables = connection.execute("select name from sqlite_master where type='table' order by 1").fetchall()
    rows = {name: sorted(map(repr, connection.execute(f'select * from "{name}"').fetchall())) for (name,) in tables}
    connection.close()
    return rows


def committed(before: dict[str, list[str]], after: dict[str, list[str]]) -> list[str]:
    """The difference of two dumps, one line a row."""
    lines: list[str] = []
    for table in sorted({*before, *after}):
        if table not in before:
            lines.append(f"+table {table}")
        if table not in after:
            lines.append(f"-table {table}")
            continue
        old, new = Counter(before.get(table, [])), Counter(after[table])
        lines += [f"-{table}{row}" for row in (old - new).elements()]
        lines += [f"+{table}{row}" for row in (new - old).elements()]
    return lines


def capture_last(body: list[ast.stmt], deep: bool) -> bool:
    """Turn the last expression into an assignment of its rendered value; `deep` looks into a closing with or try."""
    if not body:
        return False
    last = body[-1]
    if isinstance(last, ast.Expr):
        rendered = ast.Call(ast.Name("__show__", ast.Load()), [last.value], [])
        body[-1] = ast.copy_location(ast.Assign([ast.Name(VALUE, ast.Store())], rendered), last)
        return True
    return deep and isinstance(last, (ast.With, ast.AsyncWith, ast.Try)) and capture_last(last.body, deep)


def execute(source: str, names: dict[str, Any], loop: asyncio.AbstractEventLoop) -> None:
    """Run code that has no value to give."""
    run(ast.parse(source), names, loop)


def run(tree: ast.Module, names: dict[str, Any], loop: asyncio.AbstractEventLoop) -> None:
    ast.fix_missing_locations(tree)
    asynchronous = any(isinstance(node, ASYNC_NODES) for node in ast.walk(tree))
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if asynchronous else 0
    code = compile(tree, "<snippet>", "exec", flags=flags, dont_inherit=True)
    if not asynchronous:
        exec(code, names)
        return

    async def go() -> None:
        pending = eval(code, names)
        if inspect.iscoroutine(pending):
            await pending

    loop.run_until_complete(go())


def evaluate(job: dict[str, Any], names: dict[str, Any], loop: asyncio.AbstractEventLoop) -> str:
    """Run the job's code and then its check; the rendered value of the two."""
    names["__show__"] = show
    tree = ast.parse(job["code"])
    captured = not job.get("check") and capture_last(tree.body, bool(job.get("deep")))
    run(tree, names, loop)
    if job.get("check"):
        check = ast.parse(job["check"])
        captured = capture_last(check.body, False)
        run(check, names, loop)
    if captured and (names[VALUE] != "None" or "out" not in names):
        return str(names[VALUE])
    return show(names.get("out"))


def perform(job: dict[str, Any], path: Path) -> dict[str, Any]:
    """Run one job on the database at `path` (in the forked child)."""
    before = dump(path)
    result: dict[str, Any] = {}
    loop = asyncio.new_event_loop()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            text = "\n".join([*job.get("setup", []), job["code"], job.get("check", "")])
            names = namespace.build(job.get("env", ""), text, str(path))
            for part in job.get("setup", []):
                execute(part, names, loop)
        except BaseException as error:
            result["error"] = f"SETUP {type(error).__name__}"
            result["value"] = f"SETUP raises {type(error).__name__}: {squeeze(error)[:300]}"
        else:
            caught.clear()
            RECORDER.on = True
            ban.switch(bool(job.get("ban")))
            try:
                result["value"] = evaluate(job, names, loop)
            except BaseException as error:
                result["error"] = type(error).__name__
                result["value"] = f"raises {type(error).__name__}: {squeeze(error)[:220]}"
                if job.get("trace"):
                    result["trace"] = traceback.format_exc()
            ban.switch(False)
            RECORDER.on = False
    result["warnings"] = relevant(caught)
    result["log"] = RECORDER.entries
    result["db"] = committed(before, dump(path))
    return result


def relevant(caught: list[warnings.WarningMessage]) -> list[str]:
    """SQLAlchemy's own warnings, and those of Python that speak of it or of a coroutine never awaited."""
    lines = set()
    for warning in caught:
        text = str(warning.message)
        ours = warning.category.__module__.startswith("sqlalchemy")
        about = issubclass(warning.category, DeprecationWarning) and "sqlalchemy" in text.lower()
        runtime = issubclass(warning.category, RuntimeWarning) or "flask_sqlalchemy" in str(warning.filename or "")
        if (ours or about or runtime) and "Decimal objects natively" not in text:
            lines.add(f"{warning.category.__name__}: {squeeze(text)[:170]}")
    return sorted(lines)


def forked(job: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Run the job in a child of its own and read its answer."""
    path = folder / "job.db"
    shutil.copy(folder / job.get("data", "usual"), path)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        signal.alarm(SECONDS_PER_JOB)
        try:
            answer = perform(job, path)
        except BaseException as error:
            answer = _failure(f"HARNESS {type(error).__name__}", squeeze(error)[:300])
        with os.fdopen(writer, "w") as pipe:
            json.dump(answer, pipe)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return dict(json.loads(text)) if text else _failure("CRASH", "died or took too long")


def _failure(error: str, text: str) -> dict[str, Any]:
    return {"error": error, "value": f"{error}: {text}", "warnings": [], "log": [], "db": []}


def main() -> None:
    jobs = json.loads(Path(sys.argv[1]).read_text())
    memory = Path("/dev/shm")  # a disk would make each commit slow; the files live for milliseconds
    folder = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
    try:
        for dataset in seed.DATASETS:
            seed.seed(sa.create_engine(f"sqlite:///{folder}/{dataset}", poolclass=NullPool), dataset)
        orm.configure_mappers()
        RECORDER.listen()
        logging.disable()  # the pool logs a cursor that dies with its connection; entries do that on purpose
        gc.freeze()
        results = [forked(job, folder) for job in jobs]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    Path(sys.argv[2]).write_text(json.dumps({"version": sa.__version__, "results": results}))


if __name__ == "__main__":
    main()
