"""The proof once more on a PostgreSQL server: what both sides emitted, executed there, and what came of it compared.

The jail has no way to a server. So what it recorded is executed by a process of its own, with little memory, which can
be ended at any time together with the server's side of it. Knows nothing of what the statements mean.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from translator.verify.sql import has_order
from translator.verify.telling import lines
from translator.verify.trace import ServerCheck, Verdict

SCRIPT = Path(__file__).with_name("onserver.py")
SECONDS = 8.0
ANSWER = 4 * 2**20


class PostgreSQL:
    """A server, with a role that may do nothing but make a schema and work in it. Thread-safe."""

    def __init__(self, url: str) -> None:
        self._url = url

    def check(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> ServerCheck | None:
        """Execute what two traces hold, and compare; None where they hold nothing. Never raises for what a trace holds."""
        try:
            sides = [_side(trace) for trace in (before, after)]
        except (KeyError, TypeError, ValueError):
            return _not_run("PostgreSQL", "the run recorded nothing that a server could execute")
        if not any(sides[0]["statements"]):
            return None
        answer = self._ask(sides)
        if "failed" in answer:
            return _not_run("PostgreSQL", str(answer["failed"]), lasting=False)
        try:
            name = f"PostgreSQL {answer['version']}"[:40]
            return _judged(name, before["statements"], *answer["sides"])
        except (KeyError, TypeError, ValueError, IndexError):
            return _not_run("PostgreSQL", "the server gave no answer that can be read", lasting=False)

    def _ask(self, sides: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        process = _started()
        told, late = "", False
        try:
            told, _ = process.communicate(json.dumps({"url": self._url, "sides": sides}), SECONDS)
        except subprocess.TimeoutExpired as error:
            process.kill()
            rest, _ = process.communicate()
            told, late = rest or _as_text(error.stdout), True
        answers = [_read(line) for line in told[:ANSWER].splitlines()]
        if late:
            self._end(answers)
            return {"failed": f"it took longer than the {SECONDS:.0f} seconds that one check gets"}
        return answers[-1] if answers else {"failed": "it needed more memory than one check gets"}

    def _end(self, answers: Sequence[Mapping[str, Any]]) -> None:
        """End what the server still does for a process that is gone."""
        for answer in answers:
            if isinstance(answer.get("process"), int):
                ending = _started()
                try:
                    ending.communicate(json.dumps({"url": self._url, "end": answer["process"]}), SECONDS)
                except subprocess.TimeoutExpired:
                    ending.kill()
                    ending.communicate()


def _started() -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603  # our own interpreter and our own file
        [sys.executable, "-I", str(SCRIPT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        cwd="/",
    )


def _as_text(output: Any) -> str:
    return output.decode("utf-8", "replace") if isinstance(output, bytes) else str(output or "")


def _read(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}


def _side(trace: Mapping[str, Any]) -> dict[str, Any]:
    server = trace["server"]
    return {
        "ddl": [str(sql) for sql in server["ddl"]],
        "rows": [str(sql) for sql in server["rows"]],
        "statements": [[str(sql) for sql in item.get("server") or ()] for item in trace["statements"]],
    }


def _not_run(name: str, why: str, *, lasting: bool = True) -> ServerCheck:
    return ServerCheck(name, Verdict.NOT_RUN, f"Not checked on {name}: {why.rstrip('.')}.", lasting)


def _judged(name: str, emitted: Sequence[Any], old: Mapping[str, Any], new: Mapping[str, Any]) -> ServerCheck:
    if old["refused"] or new["refused"]:
        return _not_run(name, f"it refuses a table ({(old['refused'] or new['refused'])[0]})")
    ordered = [has_order(str(item["sql"])) for item in emitted]
    one, other = _outcomes(old["statements"], ordered), _outcomes(new["statements"], ordered)
    wrong = [(number, pair) for number, pair in enumerate(zip(one, other, strict=False), 1) if pair[0] != pair[1]]
    refused = [told["error"] for sent in old["statements"] for told in sent if "error" in told]
    if sorted(map(repr, one)) != sorted(map(repr, other)) and len(one) == len(other):
        number, (was, now) = wrong[0]
        return ServerCheck(name, Verdict.DIFFERENT, f"On {name} statement {number} {_difference(was, now)}.")
    tables = [
        table
        for table in sorted({*old["tables"], *new["tables"]})
        if old["tables"].get(table) != new["tables"].get(table)
    ]
    if tables:
        return ServerCheck(name, Verdict.DIFFERENT, f"On {name} the table {tables[0]} holds other data afterwards.")
    executed = sum(1 for sent in old["statements"] if sent and not any("error" in told for told in sent))
    if not executed:
        return _not_run(
            name, f"it refuses what both sides emit ({refused[0]})" if refused else "nothing could be executed"
        )
    left = [
        number for number, sent in enumerate(old["statements"], 1) if not sent or any("error" in told for told in sent)
    ]
    why = f" ({refused[0]})" if refused else ""
    but = f" Not so {lines(left).replace('line', 'statement')}, which could not be executed there{why}." if left else ""
    count = "one statement was" if executed == 1 else f"{executed} statements were"
    return ServerCheck(
        name, Verdict.SAME, f"On {name} {count} executed as well: rows and data the same for both sides.{but}"
    )


def _outcomes(statements: Sequence[Sequence[Mapping[str, Any]]], ordered: Sequence[bool]) -> list[Any]:
    """What counts of each statement: an error as such, rows in their order only where there is an ORDER BY."""
    found: list[Any] = []
    for number, sent in enumerate(statements):
        digest = "ordered" if number < len(ordered) and ordered[number] else "sorted"
        found.append(tuple(("error",) if "error" in told else (told["rows"], told[digest]) for told in sent))
    return found


def _difference(was: Any, now: Any) -> str:
    if ("error",) in now and ("error",) not in was:
        return "is refused as translated"
    if ("error",) in was and ("error",) not in now:
        return "is refused as pasted, and taken as translated"
    counts = [sum(told[0] for told in sent if told != ("error",)) for sent in (was, now)]
    if counts[0] != counts[1]:
        return f"gives {counts[1]} rows where it gave {counts[0]}"
    return "gives other rows, or in another order"
