"""What becomes of snippets of the 1.x days: `python -m tests.snippets CLONES THREADS [-v] [--choose]`.

CLONES holds git directories named `owner+name`, THREADS the texts copied out of threads and pages, one file each. Each
line of `sources.txt` says where one snippet stands: `owner/name commit path line digest`, `thread address digest`, or
`page address digest`. `--choose` writes that list anew: in each place all there is, in the order of their digests, so
that nobody chooses. `--functions`, `--more` and `--newest` run what the other lists name.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from textwrap import dedent

from tests.snippets.extracting import snippets
from translator import Busy, JobFailed, Options, SourceError, Workbench

SOURCES = Path(__file__).with_name("sources.txt")
FUNCTIONS = Path(__file__).with_name("functions.txt")
"""Functions of applications: `owner/name commit path line digest`, the first of each by their digests."""
MORE = Path(__file__).with_name("more.txt")
"""Blocks and functions, as in `sources.txt` or as in `functions.txt`."""
NEWEST = Path(__file__).with_name("newest.txt")
"""Functions, blocks and whole short files (line 0), the first of each place by their digests, and texts of threads."""
PLACES = Path(__file__).with_name("places.txt")
"""Where to look: `owner/name commit share prefix…`; `share` is how many snippets are taken from there."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """One piece of code and where it stands."""

    origin: str
    code: str

    @property
    def digest(self) -> str:
        """Tells the text without containing it."""
        return hashlib.sha256(self.code.encode()).hexdigest()[:12]

    @property
    def line(self) -> str:
        """The snippet's line in `sources.txt`."""
        return f"{self.origin} {self.digest}"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one."""

    outcome: str
    changes: int
    reason: str


def main() -> None:
    """Run them all and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.snippets")
    parser.add_argument("clones", type=Path)
    parser.add_argument("threads", type=Path)
    parser.add_argument("-v", "--verbose", action="store_true", help="one line a snippet")
    parser.add_argument(
        "--functions", action="store_true", help="the functions of applications in functions.txt instead"
    )
    parser.add_argument("--more", action="store_true", help="what more.txt lists instead")
    parser.add_argument("--newest", action="store_true", help="what newest.txt lists instead")
    parser.add_argument("--choose", action="store_true", help="write the list of sources anew")
    asked = parser.parse_args()
    if asked.functions or asked.more or asked.newest:
        listed = (FUNCTIONS if asked.functions else MORE if asked.more else NEWEST).read_text().splitlines()
        found = [*map(_listed, listed, repeat(asked.clones))]
        if not asked.functions:
            found += [each for each in _from_threads(asked.threads) if each.line in listed]
        _report([each for each in found if each], len(listed), verbose=asked.verbose)
        return
    chosen = [*_from_clones(asked.clones), *_from_threads(asked.threads)]
    if asked.choose:
        SOURCES.write_text("".join(f"{snippet.line}\n" for snippet in chosen))
    wanted = set(SOURCES.read_text().splitlines())
    _report([snippet for snippet in chosen if snippet.line in wanted], len(wanted), verbose=asked.verbose)


def _from_clones(clones: Path) -> Iterator[Snippet]:
    for line in PLACES.read_text().splitlines():
        name, commit, share, *prefixes = line.split()
        folder = clones / name.replace("/", "+") / "repo"
        git = ["git", "-C", str(folder)]
        paths = _output([*git, "ls-tree", "-r", "--name-only", commit]).splitlines()
        found = {}
        for path in paths:
            if path.endswith((".rst", ".md", ".py")) and path.startswith(tuple(prefixes) or ("",)):
                for number, code in snippets(path, _output([*git, "show", f"{commit}:{path}"])):
                    snippet = Snippet(f"{name} {commit[:10]} {path} {number}", code)
                    found.setdefault(snippet.digest, snippet)
        yield from (found[digest] for digest in sorted(found)[: int(share)])


def _listed(line: str, clones: Path) -> Snippet | None:
    """A block or a function as it stands in its file, without the file; None where that isn't at hand."""
    name, *where = line.split(" ")
    if "/" not in name or len(where) != len(("commit", "path", "line", "digest")):
        return None
    commit, path, number, digest = where
    folder = clones / name.replace("/", "+") / "repo"
    try:
        text = _output(["git", "-C", str(folder), "show", f"{commit}:{path}"])
    except (subprocess.CalledProcessError, FileNotFoundError):
        return None
    read = [(0, text), *snippets(path, text), *(_definitions(text) if path.endswith(".py") else ())]
    made = (Snippet(f"{name} {commit} {path} {first}", code) for first, code in read if first == int(number))
    return next((snippet for snippet in made if snippet.digest == digest), None)


def _definitions(text: str) -> Iterator[tuple[int, str]]:
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
            yield first, dedent("\n".join(text.splitlines()[first - 1 : node.end_lineno]))


def _output(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8", "replace")


def _from_threads(folder: Path) -> Iterator[Snippet]:
    """Files whose first line is a comment with the address of the thread, or `page` and that of another page."""
    for path in sorted(folder.glob("*.txt")):
        address, _, code = path.read_text().partition("\n")
        where = address.removeprefix("# ")
        yield Snippet(where if where.startswith("page ") else f"thread {where}", code)


def _report(found: list[Snippet], wanted: int, *, verbose: bool) -> None:
    bench = Workbench()
    outcomes: Counter[str] = Counter()
    translated = 0
    try:
        for snippet in found:
            result = _result(bench, snippet)
            outcomes[result.outcome] += 1
            translated += result.changes > 0
            if verbose:
                print(f"{result.outcome:14} {result.changes:2} {snippet.line}\n{'':18}{result.reason}")
    finally:
        bench.close()
    print(f"{len(found)} of {wanted} snippets found; {translated} translated")
    for outcome, number in outcomes.most_common():
        print(f"{number:5} {outcome}")


def _result(bench: Workbench, snippet: Snippet) -> Result:
    try:
        report = bench.convert(snippet.code, Options(convert_escaping=True), verify=True)
    except SourceError as error:
        return Result(f"refused: {error.kind}", 0, error.message)
    except (JobFailed, Busy) as error:
        return Result("failed", 0, str(error))
    proof = report["verification"]
    ran = proof["verdict"] != "not_run"
    return Result(
        str(proof["verdict"]) if ran else f"not run: {_why(proof['reason'])}", len(report["changes"]), proof["reason"]
    )


def _why(reason: str) -> str:
    """The kind of reason, for the table."""
    kinds = {
        "nothing to compare": "nothing to compare",
        "did not run, so nothing is proven": "the change was not reached",
        "can't parse": "does not parse",
        "raises": "raises as pasted",
        "not run to its end": "needs what is not there",
        "did not finish": "limits",
    }
    return next((kind for words, kind in kinds.items() if words in reason), "other")


if __name__ == "__main__":
    main()
