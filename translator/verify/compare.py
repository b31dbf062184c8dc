"""Compares what two runs did: statement by statement, then values, exceptions, output, tables. Pure functions of traces.

Never says `same` of what did not run on both sides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any

from translator.jail.conventions import NOTED
from translator.verify.afterwards import states, transactions
from translator.verify.pairing import Trace, equal, key_of, pair_statements
from translator.verify.telling import alike, carries_out, difference, emitted, is_builder
from translator.verify.trace import Pair, SqlMatch, Verdict

UNMANNERLY = frozenset(
    [
        "NameError",
        "ImportError",
        "AttributeError",
        "TypeError",
        "SyntaxError",
        "MemoryError",
        "RecursionError",
        "CompileError",
        "OperationalError",
        "InterfaceError",
        "ProgrammingError",
        "ArgumentError",
        "DatabaseError",
        "NotSupportedError",
        "NoSuchColumnError",
    ]
)
"""Errors that say the code could not be run here, rather than what it does."""


PRINTED = 80
"""How many characters of a line are told that is printed."""


@dataclass(slots=True)
class Findings:
    """What the comparison came upon: differences, parts that did not run, and how much was compared at all."""

    differences: list[str] = field(default_factory=list)
    not_run: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """What is no difference, but worth a sentence."""
    compared: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outcome: pairs of statements and the verdict of the whole."""

    pairs: tuple[Pair, ...]
    verdict: Verdict
    reason: str
    not_run_lines: tuple[int, ...] = ()
    made_up: tuple[str, ...] = ()
    finished: bool = True


def compare(before: Trace, after: Trace) -> Comparison:
    """Compare the trace of the text as pasted with that of its translation."""
    on_rows = _compare_pass(before, after, with_tables=True)
    if on_rows.verdict is Verdict.SAME and before["empty"] and after["empty"]:
        on_nothing = _compare_pass(before["empty"], after["empty"], with_tables=False)
        both_raise = after["empty"]["exception"] and _unmannerly(before["empty"])  # e.g. on None, each in its own words
        if not both_raise and on_nothing.verdict is Verdict.DIFFERENT:
            reason = f"The same on tables with rows, but not on empty ones: {on_nothing.reason}"
            return Comparison(on_rows.pairs, Verdict.DIFFERENT, reason)
    elif on_rows.verdict is Verdict.SAME and (before.get("hurried") or after.get("hurried")):
        return replace(
            on_rows, reason=f"{on_rows.reason} It took too long to be run on empty tables, too.", finished=False
        )
    return on_rows


def _compare_pass(before: Trace, after: Trace, *, with_tables: bool) -> Comparison:
    pairs = pair_statements(before["statements"], after["statements"])
    findings = Findings(compared=len(pairs))
    _compare_ends(before, after, "The code", findings)
    _compare_calls(before, after, findings)
    if _ended_alike(before, after):
        _compare_values(before, after, findings)
        _compare_objects(before, after, findings)
        if with_tables:
            _compare_tables(before, after, findings)
        _compare_handed(before, after, findings)
        findings.differences += transactions(before, after)
        if _lines_printed(before) != _lines_printed(after):
            findings.differences.append(_told_print(str(before["printed"]), str(after["printed"])))
        findings.compared += bool(before["printed"])
    wrong = [pair.reason for pair in pairs if pair.verdict is Verdict.DIFFERENT]
    refused = {item["shown"] for item in before["statements"] if item.get("done") is False}
    return Comparison(pairs, *_verdict(pairs, wrong, findings, refused))


def _lines_printed(trace: Trace) -> list[str]:
    """What is printed by lines; in which order SQLAlchemy fills the `__dict__` of an object is nothing to go by."""
    lines = str(trace["printed"]).splitlines()
    return [" ".join(sorted(re.split(r"[{}, ]+", line))) if "'_sa_instance_state'" in line else line for line in lines]


def _told_print(old: str, new: str) -> str:
    """Which line that is printed is the first to differ."""
    for one, other in zip_longest(old.splitlines(), new.splitlines(), fillvalue=""):
        if one != other:
            return f"It prints `{_short(other)}` where it printed `{_short(one)}`."
    return "It prints something else."


def _short(line: str) -> str:
    return line if len(line) <= PRINTED else f"{line[:PRINTED]}…"


def _verdict(pairs: Sequence[Pair], wrong: Sequence[str], findings: Findings, refused: set[str]) -> tuple[Verdict, str]:
    differences = [*findings.differences, *wrong]
    if findings.not_run and not findings.differences and not (wrong and _both_sides_ran(pairs, refused)):
        return Verdict.NOT_RUN, " ".join(findings.not_run[:3])
    if differences:
        rest = len(differences) - 2
        return Verdict.DIFFERENT, " ".join(differences[:2]) + (f" And {rest} more." if rest > 0 else "")
    if not findings.compared:
        reason = "It emits no SQL, builds no statement and returns nothing: there is nothing to compare."
        return Verdict.NOT_RUN, " ".join(findings.remarks) or reason
    return Verdict.SAME, " ".join([_praise(pairs), *findings.remarks[:3]])


def _both_sides_ran(pairs: Sequence[Pair], refused: set[str]) -> bool:
    """Whether a statement differs that both sides emitted: a fact even if something later did not run.

    Not one that SQLite refuses as pasted, e.g. with the `%s` of another driver.
    """
    differ = [pair for pair in pairs if pair.verdict is Verdict.DIFFERENT and pair.before and pair.after]
    return any(pair.before is not None and pair.before.sql not in refused for pair in differ)


def _praise(pairs: Sequence[Pair]) -> str:
    if not pairs:
        return "No SQL is emitted; what is built, returned and stored is the same."
    labels = any(pair.sql_match is SqlMatch.LABELS for pair in pairs)
    number = "One statement" if len(pairs) == 1 else f"{len(pairs)} statements"
    how = "equal up to column labels" if labels else "identical"
    return f"{number} on both sides: SQL {how}, rows, values and the data afterwards the same."


def _compare_ends(before: Trace, after: Trace, what: str, findings: Findings) -> None:
    """How a run or a call ended: as it should, with an exception, or not at all."""
    for side, trace in (("as pasted", before), ("as translated", after)):
        if trace["unavailable"]:
            findings.not_run.append(f"{what} was not run to its end {side}{_at(trace)}: {trace['unavailable']}.")
            return
    old, new = before["exception"], after["exception"]
    if old and _unmannerly(before):
        findings.not_run.append(f"{what} raises {_told(old)} as pasted, so nothing is proven.")
    elif old and not new:
        findings.differences.append(f"{what} raised {old['type']}{_at(old)}; the translation doesn't.")
    elif new and not old:
        findings.differences.append(f"{what} as translated raises {_told(new)}.")
    elif old and new and old["type"] != new["type"]:
        findings.differences.append(f"{what} raised {old['type']}; the translation raises {_told(new)}.")
    elif old and new and _own_words(before) != _own_words(after):
        findings.differences.append(f"{what} raised {_told(old)}; the translation raises {_told(new)}.")
    elif old and new:
        findings.remarks.append(f"{what} raises {_told(old)} on both sides, and what comes after that did not run.")


def _unmannerly(trace: Trace) -> bool:
    """Whether a run or a call ended with an error that says nothing of what the code does."""
    error = trace["exception"]
    return bool(error) and bool(UNMANNERLY.intersection(error["kinds"]) or error["type"] == "InvalidRequestError")


def _own_words(trace: Trace) -> str:
    """What an exception of the text's own says: not what SQLAlchemy and Python say, each version in its words."""
    error = trace["exception"]
    kinds = {"SQLAlchemyError", "LookupError", "ArithmeticError", "OSError", "StopIteration"}
    return "" if kinds.intersection(error["kinds"]) or _unmannerly(trace) else str(error["message"])


def ended_mannerly(after: Trace) -> bool:
    """Whether nothing in a run ended with an error that says that it could not be: not e.g. on None, where that can't be."""
    return not any(_unmannerly(trace) for trace in (after, *after["calls"]))


def _told(error: Trace) -> str:
    message = str(error["message"]).strip().rstrip(".")
    return f"{error['type']}{_at(error)}" + (f" ({message})" if message else "")


def _at(where: Trace) -> str:
    line = where.get("line")
    return f" in line {line}" if line else ""


def _ended_alike(before: Trace, after: Trace) -> bool:
    """Whether what is left behind can be compared: not e.g. when one side stopped half-way."""
    types = [(trace["exception"] or {}).get("type") for trace in (before, after)]
    return types[0] == types[1] and not before["unavailable"] and not after["unavailable"]


def _compare_calls(before: Trace, after: Trace, findings: Findings) -> None:
    theirs = {call["name"]: call for call in after["calls"]}
    for call in before["calls"]:
        other = theirs.get(call["name"])
        bare, _, how = call["name"].partition(" with ")
        name = f"{bare}() called with {'None' if how == 'nothing' else how}" if how else f"{bare}()"
        if other is None:
            if not after["exception"] and not after["unavailable"]:
                findings.differences.append(f"{name} is gone.")
            continue
        if call.get("bare") and (_fails_by_itself(call) or (_ended_alike(call, other) and call["exception"])):
            continue
        _compare_ends(call, other, name, findings)
        if call["exception"] or call["unavailable"] or other["exception"] or other["unavailable"]:
            continue
        findings.compared += 1
        _compare_returned(name, call["value"], other["value"], findings)
        findings.differences += states(name, call, other)


def _fails_by_itself(call: Trace) -> bool:
    """Whether a call with nothing in its hands failed for that reason alone, e.g. on an attribute of None."""
    return bool(call["unavailable"] or (call["exception"] and UNMANNERLY.intersection(call["exception"]["kinds"])))


def _compare_returned(name: str, old: Any, new: Any, findings: Findings) -> None:
    if not alike(old, new):
        what = f"The statement that {name} returns is another one" if is_builder(old) and is_builder(new) else ""
        findings.differences.append(f"{what or f'{name} returns {difference(old, new)}'}.")
    elif not equal(old, new):
        kinds = (
            f"a {new['builder']} where it returned a {old['builder']}"
            if is_builder(new)
            else "statements of another kind"
        )
        findings.remarks.append(f"{name} returns {kinds}, with the same SQL: its callers must execute it.")


def _compare_values(before: Trace, after: Trace, findings: Findings) -> None:
    old, new = before["values"], after["values"]
    if len(old) != len(new):
        old, new = _without_results(old), _without_results(new)
    if len(old) != len(new) and not before["exception"] and not after["exception"]:
        findings.differences.append(f"{len(new)} of its bare expressions have a value, {len(old)} had one.")
    for one, other in zip(old, new, strict=False):
        findings.compared += _tells(one["value"])
        if not _interchangeable(one["value"], other["value"]):
            findings.differences.append(
                f"The expression in line {one['line']} gives {difference(one['value'], other['value'])}."
            )
    for name, value in before["variables"].items():
        other = after["variables"].get(name)
        findings.compared += _tells(value)
        if is_builder(value) and not is_builder(other):
            continue
        if name not in after["variables"]:
            findings.differences += [f"`{name}` is gone."] if name not in after.get("names", [name]) else []
            continue
        if is_builder(value) and emitted(other, after["statements"]):
            continue
        if carries_out(value, other, after["statements"]):
            continue
        if not alike(value, other):
            another = is_builder(value) and is_builder(other)
            told = "is another statement" if another else f"is {difference(value, other)}"
            findings.differences.append(f"`{name}` {told}.")


def _compare_handed(before: Trace, after: Trace, findings: Findings) -> None:
    """What is handed over to what the text doesn't show, e.g. the rows that a writer gets."""
    only_one = set(before.get("made_up", ())) ^ set(after.get("made_up", ()))
    old, new = (_handed(side, only_one) for side in (before, after))
    for one, other in zip(old, new, strict=False):
        if one["name"] != other["name"] or not alike(one["values"], other["values"]):
            what = difference(one["values"], other["values"]) if one["name"] == other["name"] else "something else"
            if one["name"] == other["name"] == "assert":
                was, now = ("holds" if each["values"][0] else "fails" for each in (one, other))
                findings.differences.append(f"The assert in line {one['line']} {now} where it {was} before.")
                return
            findings.differences.append(f"{one['name']}() in line {one['line']} is given {what}.")
            return
    if len(old) != len(new):
        findings.differences.append(
            f"What is not shown is called {len(new)} times where it was called {len(old)} times."
        )


def _handed(trace: Trace, only_one: set[str]) -> list[Trace]:
    """Without the calls of names that one SQLAlchemy has, so that nothing had to be made up for them there."""
    calls = trace.get("handed") or ()
    return [call for call in calls if str(call["name"]).partition(".")[0].partition("(")[0] not in only_one]


def _compare_tables(before: Trace, after: Trace, findings: Findings) -> None:
    for table in sorted({*before["schema"], *after["schema"]}):
        old, new = before["schema"].get(table), after["schema"].get(table)
        findings.compared += 1 if table in before.get("own_tables", ()) else 0
        if table == NOTED and None in (old, new):
            no_longer = "no longer " if new is None else ""
            findings.differences.append(f"What SQLite can't execute, see the notes on it, is {no_longer}committed.")
        elif not equal(old, new):
            findings.differences.append(f"The table {table} is another one: {_columns_that_differ(old, new)}.")
        elif not equal(before["tables"].get(table), after["tables"].get(table)):
            why = ": the translation writes without committing" if _lost_commit(before, after) else ""
            left = _rows_left(before["tables"].get(table) or [], after["tables"].get(table) or [])
            findings.differences.append(f"The table {table} holds other data afterwards{why} ({left}).")
    _compare_described(before.get("described") or {}, after.get("described") or {}, findings)
    if _lost_commit(before, after) and not findings.differences:
        findings.differences.append("The translation writes without committing.")


def _compare_described(before: Trace, after: Trace, findings: Findings) -> None:
    """What tables and classes say besides: of those parts that both sides have, for others are told of already."""
    for kind, owner in [(each, name) for each in ("classes", "tables") for name in before.get(each) or ()]:
        one, other = before[kind][owner], (after.get(kind) or {}).get(owner) or {}
        for part in sorted(one.keys() & other.keys()):
            place = f"`{owner}.{part}`" if part else f"`{owner}`"
            findings.differences += [
                f"{place}: {facet} is {_short(str(other[part].get(facet)))} where it was {_short(str(value))}."
                for facet, value in one[part].items()
                if not equal(value, other[part].get(facet))
            ]


def _lost_commit(before: Trace, after: Trace) -> bool:
    """Whether the translation leaves a transaction open in which it has written, and the code as it was did not."""
    return bool(after["left_open"] and not before["left_open"])


def _rows_left(old: Sequence[Any], new: Sequence[Any]) -> str:
    one, other = set(map(key_of, old)), set(map(key_of, new))
    if len(old) != len(new):
        return f"{len(new)} rows where there were {len(old)}"
    return f"{len(other - one)} of {len(new)} rows are others"


def _compare_objects(before: Trace, after: Trace, findings: Findings) -> None:
    """Which variables hold one object, and which objects in memory are out of date."""
    theirs = {item["path"]: item for item in after["objects"]}
    for item in before["objects"]:
        other = theirs.get(item["path"])
        if other is None or other["entity"] != item["entity"]:
            continue
        if not equal(item["stale"], other["stale"]):
            names = sorted({*item["stale"], *other["stale"]})
            whose = (
                "the translation leaves" if other["stale"].keys() - item["stale"].keys() else "the code as it was left"
            )
            findings.differences.append(
                f"`{item['path']}` in memory: {whose} {', '.join(names)} out of date, where the database holds another value."
            )
        elif item.get("held") != other.get("held"):
            how = "is no longer in a session" if item.get("held") else "is in a session now"
            findings.differences.append(f"`{item['path']}` {how} when all has run.")
        elif item["number"] != other["number"] and len(before["objects"]) == len(after["objects"]):
            findings.differences.append(
                f"`{item['path']}` is not the same object as before, where another variable holds it."
            )


def _columns_that_differ(old: Any, new: Any) -> str:
    if old is None or new is None:
        return "it exists on one side only"
    one, other = {key_of(column): column for column in old}, {key_of(column): column for column in new}
    names = {column[0] for key, column in {**one, **other}.items() if key not in one or key not in other}
    return "see " + ", ".join(sorted(map(str, names)))


def _without_results(values: Sequence[Trace]) -> list[Trace]:
    """Without the results of statements that nobody looks at, e.g. of an INSERT."""
    return [
        item
        for item in values
        if not (isinstance(item["value"], dict) and {"rowcount", "result"} & item["value"].keys())
    ]


def _interchangeable(old: Any, new: Any) -> bool:
    """Whether two values of the top level, which nobody is known to use, are as good as equal."""
    if isinstance(new, dict) and "rowcount" in new:
        return equal(old.get("rowcount") if isinstance(old, dict) else old, new["rowcount"])
    return alike(old, new)


def _tells(value: Any) -> bool:
    """Whether a value says something of the database: a statement, an object of it, a row."""
    text = key_of(value)
    return any(f'"{kind}"' in text for kind in ("builder", "entity", "row"))
