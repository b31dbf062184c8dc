"""The run job: executes one text against an in-memory database and tells what it did.

Executed by two runtimes, SQLAlchemy 1.4 and 2.x, from the same file: the standard library, SQLAlchemy and this package
only. The answer is a trace, plain JSON; comparing traces is for others.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import io
import sys
import time
import types
import warnings
from collections.abc import Iterable
from typing import Any

import sqlalchemy
from sqlalchemy import orm

from . import limits
from .asynchronous import finished
from .asynchronous import prepare as prepare_loops
from .binding import accept_placeholders
from .calls import Uncalled, given_by, uncalled
from .database import Database
from .describing import columns_of, describe
from .endings import MESSAGE, described, excuse_new, line_in, told
from .environment import Environment, SchemaFailed, make_repeatable
from .forcing import MADE, TEST, Force, counted, made, way_to
from .freshness import observe as observe_objects
from .guards import PASTE, Unavailable, line_of
from .instrument import ASSERTED, ENDED, REACHED, ROUND, VALUE, Ended, Region, instrument
from .otherdatabases import accept_other_databases
from .rehearsal import rehearse
from .replacing import replace
from .requesting import Fields
from .rounds import Rounds
from .sampling import Wanted
from .seeding import Seeder
from .showing import ddl, inserts
from .values import encode, is_data, lasting, message_of, state_of
from .warm import use_paths
from .world import World

PRELOADED = (
    "sqlalchemy.orm", "sqlalchemy.ext.declarative", "sqlalchemy.ext.hybrid", "sqlalchemy.ext.associationproxy",
    "sqlalchemy.ext.asyncio", "sqlalchemy.ext.baked", "sqlalchemy.ext.mutable", "sqlalchemy.ext.orderinglist",
    "sqlalchemy.ext.automap", "sqlalchemy.ext.compiler", "sqlalchemy.ext.indexable", "sqlalchemy.ext.horizontal_shard",
    "sqlalchemy.dialects.sqlite", "sqlalchemy.dialects.postgresql", "sqlalchemy.dialects.mysql", "sqlalchemy.future",
    "sqlalchemy.dialects.oracle", "sqlalchemy.dialects.mssql", "sqlalchemy.sql.expression", "sqlalchemy.sql.functions",
    "sqlalchemy.pool", "sqlalchemy.event", "sqlalchemy.inspection", "sqlalchemy.schema", "sqlalchemy.types",
    "sqlalchemy.engine.reflection", "sqlalchemy.engine.url", "sqlalchemy.sql.default_comparator",
    "base64", "bisect", "calendar", "fractions", "hashlib", "heapq", "logging", "numbers", "pprint", "secrets",
    "statistics", "textwrap", "typing", "unicodedata", "zoneinfo", "encodings.idna", "_strptime",
)  # fmt: skip
SECOND_PASS_SECONDS = 2.0
DEFINED_TWICE = ("already defined", "Error creating backref", "Multiple classes found")

for _name in PRELOADED:
    try:
        importlib.import_module(_name)
    except ImportError:
        # not in this version of SQLAlchemy
        continue
accept_other_databases()
accept_placeholders()
prepare_loops()


class Printed(io.StringIO):
    """What the paste prints, up to a limit."""

    def write(self, text: str) -> int:
        if self.tell() + len(text) > limits.PRINTED_CHARACTERS:
            raise Unavailable(f"it prints more than {limits.PRINTED_CHARACTERS} characters")
        return super().write(text)


class Run:
    """One text in its world. It is run once on rows, and once more on empty tables."""

    def __init__(self, request: dict[str, Any]) -> None:
        plan = request.get("plan") or {}
        self._code: str = request["code"]
        self._free = plan.get("free") or ()
        self.database = Database(str(request.get("dialect") or "sqlite"), lambda fresh: self.seeder.prepare(fresh))
        self.seeder = Seeder(self.database.raw, plan.get("rows") or {}, plan.get("constants") or {})
        self.database.recorder.for_server = bool(request.get("server"))
        self.seeder.watch()
        self.seeder.invents = bool(request.get("seed", True))
        self.seeder.once, self.seeder.nulls = bool(request.get("once", False)), bool(request.get("nulls", True))
        self._force = Force.of(request.get("force"))
        self._regions: list[Region] = []
        self._reached: set[int] = set()
        self._several = False
        self._asked_of = str(request.get("as_pasted") or self._code)
        self.environment = Environment(
            self.database,
            self.seeder,
            str(plan.get("models") or ""),
            plan.get("methods") or (),
            plan.get("roles") or {},
            Wanted.of(plan),
        )
        if plan.get("schema"):
            self.environment.load_schema(str(plan["schema"]), plan.get("schema_free") or ())
        self._notice_several()
        try:
            self.seeder.prepare()
        except sqlalchemy.exc.SQLAlchemyError as error:
            raise SchemaFailed(error) from None
        self._given_tables = self.seeder.created

    def observe(self) -> dict[str, Any]:
        """Run the text and give what was seen: the trace, without what the tables hold."""
        make_repeatable()
        printed = sys.stdout = Printed()
        seen = Pass(self.database, self.seeder, self.environment)
        replace(World, "handed", staticmethod(seen.hand))
        seen.execute(self._code, self._free, self._asked_of, self._force)
        self._regions = seen.regions
        self._reached |= seen.reached
        return {
            "statements": self.database.recorder.statements,
            "values": seen.values,
            "calls": seen.calls,
            "variables": seen.variables,
            "names": seen.names,
            "printed": lasting(printed.getvalue()),
            "handed": seen.handed,
            "made_up": sorted(self.environment.made_up),
            "stood_in": self.database.raw.foreign.told,
            "endless": seen.rounds.told,
            "objects": seen.objects,
            "left_open": seen.left_open or self.database.left_open,
            "unclosed": seen.left_unclosed,
            "savepoints": self.database.savepoints,
            "several": self._several,
            **seen.ended,
        }

    def _notice_several(self) -> None:
        """Notice wherever one row is asked for and several are found, also where the text catches that."""
        kind: Any = sqlalchemy.exc.MultipleResultsFound
        start = kind.__init__

        def noticed(error: Any, *args: Any, **options: Any) -> None:
            self._several = True
            start(error, *args, **options)

        replace(kind, "__init__", noticed)

    def observe_empty(self) -> dict[str, Any] | None:
        """The same on empty tables; None where the text can't be run a second time in one process."""
        self.environment.forget()
        self.seeder.empty()
        self.database.recorder.restart()
        self.database.savepoints = []
        seen = self.observe()
        error = seen["exception"]
        twice = error is not None and any(words in error["message"] for words in DEFINED_TWICE)
        return None if twice else seen

    def missed(self, places: Iterable[list[int]]) -> dict[str, Any]:
        """Which of these places in the text did not run, by their number, and the ways that lead there."""
        wanted = [(line, column) for line, column in places]
        reached = {
            region
            for number, region in enumerate(self._regions)
            if number in self._reached and World.in_name_only.isdisjoint(range(region[0], region[2] + 1))
        }
        missed = [number for number, place in enumerate(wanted) if _innermost(self._regions, place) not in reached]
        ways = [way_to(_parsed(self._code), wanted[number]) for number in missed] if self._regions else []
        return {"missed": missed, "ways": ways}

    def for_server(self) -> dict[str, list[str]]:
        """The tables and their rows as PostgreSQL takes them."""
        seeder = self.seeder
        return {
            "ddl": ddl(seeder.metadata, seeder.created, "postgresql"),
            "rows": inserts(seeder.metadata, seeder.filled),
        }

    @property
    def own_tables(self) -> list[str]:
        """The tables of the text itself."""
        return sorted(self.seeder.created - self._given_tables)


def _innermost(regions: list[Region], place: tuple[int, int]) -> Region | None:
    """The smallest region around a place; between two, e.g. in `except Error:`, the one before."""
    started = [region for region in regions if region[:2] <= place]
    around = [region for region in started if place < region[2:]]
    return max(around or started, key=lambda region: (region[:2], -region[2], -region[3]), default=None)


@functools.cache
def _parsed(text: str) -> ast.Module:
    """The tree of a text, for looking at: both passes look at the same."""
    return ast.parse(text)


class NotPython(Exception):
    """The text can't be run by this Python; says why."""


@functools.cache
def _compiled(text: str, force: Force | None) -> tuple[types.CodeType, list[Region]]:
    """The marked text, the same for both passes. Raises NotPython."""
    try:
        tree = ast.parse(text, PASTE)
    except SyntaxError as error:
        version = f"Python {sys.version_info[0]}.{sys.version_info[1]}"
        raise NotPython(f"{version} can't parse it: {error.msg}") from None
    marked, regions = instrument(tree, text, force)
    try:
        return compile(marked, PASTE, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True), regions
    except SyntaxError as error:  # what the grammar lets pass: `break` outside of a loop
        raise NotPython(f"Python can't compile it: {error.msg}") from None


def _decided(value: Any, forced: bool) -> bool:
    """What a test comes to that is decided for the text; it is made all the same."""
    del value
    return forced


class Pass:
    """One execution of the text, and what has been seen of it so far."""

    def __init__(self, database: Database, seeder: Seeder, environment: Environment) -> None:
        self._recorder = database.recorder
        self._database = database
        self._raw = database.raw
        self.left_open = False
        self.left_unclosed = 0
        self._seeder = seeder
        self._environment = environment
        self.values: list[dict[str, Any]] = []
        self.calls: list[dict[str, Any]] = []
        self.variables: dict[str, Any] = {}
        self.names: list[str] = []
        self.objects: list[dict[str, Any]] = []
        self.handed: list[dict[str, Any]] = []
        self.regions: list[Region] = []
        self.reached: set[int] = set()
        self.rounds = Rounds(lambda: len(database.recorder.statements))
        self._is_pasted = True
        self.ended: dict[str, Any] = {"unavailable": None, "exception": None}

    def execute(self, text: str, free: Iterable[str], as_pasted: str, force: Force | None = None) -> None:
        """Run the text, then the functions that it only defines; `as_pasted` decides which these are, for both sides."""
        self._is_pasted = text == as_pasted
        try:
            code, self.regions = _compiled(text, force)
        except NotPython as error:
            self.ended["unavailable"] = str(error)
            return
        module = self._environment.module(free)
        marks = {VALUE: self._value, REACHED: self.reached.add, ASSERTED: self._asserted, ROUND: self.rounds.test}
        vars(module).update({**marks, ENDED: Ended, TEST: _decided, MADE: made})
        before = set(vars(module))
        self._guarded(lambda: finished(eval(code, vars(module))), self.ended)  # noqa: S307  # what the jail is for
        if self.ended["unavailable"] is None and self.ended["exception"] is None:
            self._guarded(self._finish_models, self.ended)
        named = {name: value for name, value in vars(module).items() if name not in before}
        if self.ended["unavailable"] is None and self.ended["exception"] is None:
            self.objects += observe_objects(self._raw, named)
            self.left_unclosed = self._environment.unclosed
            self._call_the_uncalled(_parsed(text), _parsed(as_pasted), vars(module))
        self.names = sorted(name for name in vars(module) if name not in before)
        self.variables = {
            name: encoded
            for name, value in vars(module).items()
            if name not in before and not name.startswith("_") and is_data(encoded := encode(value))
        }

    def _value(self, line: int, value: Any) -> None:
        """Called by the text in place of a bare expression at its top level."""
        self._recorder.on = inspect.isgenerator(value)
        encoded = encode(value)
        self._recorder.on = True
        if encoded is not None and is_data(encoded) and len(self.values) < limits.STATEMENTS:
            self.values.append({"line": line, "value": encoded})

    def _asserted(self, line: int, value: Any) -> None:
        """Called by the text in place of `assert`: on rows that are made up it may fail, and what follows is wanted, too."""
        self.handed.append({"name": "assert", "line": line, "values": [bool(value)]})

    def hand(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Note what the text hands over to something that it doesn't show, e.g. `writer.writerow(row)`."""
        if not self._recorder.on or len(self.handed) >= limits.STATEMENTS:
            return
        self._recorder.on = False  # looking emits nothing that is the text's
        try:
            values = [encoded for value in (*args, *kwargs.values()) if is_data(encoded := encode(value))]
        finally:
            self._recorder.on = True
        self.handed.append({"name": name, "line": line_of(sys._getframe()), "values": values})

    def _finish_models(self) -> None:
        """Models that no statement used: their tables and mappers must be possible all the same."""
        self._seeder.prepare(fresh=not self._recorder.statements)
        orm.configure_mappers()

    def _call_the_uncalled(self, tree: ast.Module, as_pasted: ast.Module, module: dict[str, Any]) -> None:
        for found in uncalled(tree, as_pasted, module, self._environment):
            called: Uncalled | None = found
            while called is not None:
                self._watched(called)
                called = given_by(called, self._environment)
        Fields.bare = False

    def _watched(self, called: Uncalled) -> None:
        seen: dict[str, Any] = {
            "name": called.name,
            "line": called.line,
            "bare": called.bare or called.other,
            "value": None,
            "state": {},
            "unavailable": None,
            "exception": None,
        }
        self.calls.append(seen)
        Fields.bare = called.bare
        self._guarded(functools.partial(self._call, called, seen), seen)
        if self._is_pasted:
            excuse_new(seen, called.held.get("self"))
        self.left_unclosed += self._environment.unclosed
        self.left_open = self.left_open or self._database.left_open
        self._environment.rollback()

    def _call(self, called: Uncalled, seen: dict[str, Any]) -> None:
        value = finished(called.call())
        if inspect.isgenerator(value):
            value = list(value)
        self._recorder.on = False
        self.objects += observe_objects(self._raw, {f"{seen['name']}()": value})
        seen["value"] = encode(value)
        if inspect.isfunction(value):  # else it may be what keeps a session alive
            called.held["given"] = value
        seen["state"] = state_of(called.held.get("self"))

    def _guarded(self, action: Any, into: dict[str, Any]) -> None:
        self._recorder.on = True
        try:
            action()
        except Ended:
            return
        except Unavailable as error:
            into["unavailable"] = str(error)
            into["line"] = line_in(error)
        except BaseException as error:
            if "Placeholder" in message_of(error):  # it says something of our stand-in, nothing of the code
                into["unavailable"] = "it needs something that the text doesn't show, and a sample value would not do"
                into["line"] = line_in(error)
            else:
                into["exception"] = described(error)
        finally:
            self._recorder.on = False


def run_job(request: dict[str, Any]) -> dict[str, Any]:
    """Run `request["code"]` and answer with its trace."""
    started, spent = time.perf_counter(), time.process_time()
    force = request.get("force")
    if force and force["counted"] != counted(ast.parse(request["code"])):
        return {"unavailable": "its tests are not those of the other side"}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            run = Run(request)
        except SchemaFailed as failed:
            return {"unavailable": told(failed)}
        seen = run.observe()
        tables, schema = run.database.tables(), columns_of(run.database.raw)
        described = describe(run.seeder.metadata, run.seeder.mappers, run.own_tables)
        shown = (
            ddl(run.seeder.metadata, run.seeder.created, run.database.recorder.dialect) if request.get("ddl") else []
        )
        server = {"server": run.for_server()} if request.get("server") else {}
        quick = time.process_time() - spent < SECOND_PASS_SECONDS
        again = quick and seen["unavailable"] is None and not force
        empty = run.observe_empty() if again else None
        missed = run.missed(request.get("places") or ())
    return {
        "runtime": sqlalchemy.__version__,
        **seen,
        "empty": empty,
        **missed,
        "hurried": not quick,
        "tables": tables,
        "schema": schema,
        "described": described,
        "ddl": shown,
        **server,
        "own_tables": run.own_tables,
        "warnings": _warned(caught),
        "milliseconds": round((time.perf_counter() - started) * 1000, 2),
    }


def _warned(caught: list[warnings.WarningMessage]) -> list[str]:
    ours = [item for item in caught if item.category.__name__ == "SAWarning"]
    return [lasting(str(item.message)[:MESSAGE]) for item in ours[:10]]


def warm() -> None:
    """Use all that jobs use. Called once before the first fork, and again in a process that waits for its job."""
    use_paths()
    rehearse(run_job)


warm()
