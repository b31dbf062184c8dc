"""Who translates an entry: the engine, or an oracle that answers with the catalogue's own forms to test this harness.

Knows the engine's public stages only; whatever it raises becomes part of the answer.
"""

from __future__ import annotations

import signal
import traceback
from dataclasses import dataclass

from translator.findings import Diagnostic, Severity, SourceError
from translator.pipeline import translate

from .entries import Entry
from .programs import Program, SectionsLostError, Variant, compose, cut, ends_in_value, is_python, unbound
from .runtimes import Job

SECONDS_PER_TEXT = 20
PREAMBLE = ("models", "fixtures")


@dataclass(frozen=True, slots=True)
class Translated:
    """An entry's program in one variant, before and after."""

    variant: str
    before: dict[str, str]
    after: dict[str, str]
    diagnostics: tuple[Diagnostic, ...] = ()
    """Those that point into the snippet."""
    failure: str = ""
    """Why there is no translation."""
    missing: tuple[str, ...] = ()
    """Names that the translation uses and its source did not, bound nowhere."""
    settled: bool = True
    """Whether translating the translation changes nothing more."""

    @property
    def changed(self) -> bool:
        return self.before["snippet"].strip() != self.after["snippet"].strip()

    @property
    def flags(self) -> tuple[Diagnostic, ...]:
        """Diagnostics that say that legacy code stays."""
        return tuple(one for one in self.diagnostics if one.severity is not Severity.NOTE)


def by_engine(entry: Entry, variant: Variant) -> Translated:
    """What the engine makes of the entry."""
    program = compose(entry, variant)
    signal.signal(signal.SIGALRM, _give_up)
    signal.alarm(SECONDS_PER_TEXT)
    try:
        translation = translate(program.text)
        after = cut(translation.output)
        missing = unbound(translation.output) - unbound(program.text) if is_python(program.text) else frozenset()
        # the shortest variant tells whether a rule meets its own output again
        settled = variant is not Variant.PASTE or translation.output == translate(translation.output).output
    except SourceError as error:
        return _failed(program, variant, f"refused: {error.message}")
    except SectionsLostError as error:
        return _failed(program, variant, f"a comment was lost or doubled: {error}")
    except SyntaxError as error:
        return _failed(program, variant, f"the output is not Python: {error}")
    except Exception:  # a defect of the engine is a result of this harness
        return _failed(program, variant, traceback.format_exc(limit=-4))
    finally:
        signal.alarm(0)
    inside = tuple(one for one in translation.diagnostics if _points_into(one, program))
    return Translated(variant, program.sections, after, inside, missing=tuple(sorted(missing)), settled=settled)


def by_modern(entry: Entry) -> Translated:
    """The catalogue's own 2.0 form as if it were the translation."""
    return _oracle(entry, "modern", entry.modern)


def by_naive(entry: Entry, index: int) -> Translated:
    """One of the catalogue's wrong translations as if it were the engine's."""
    return _oracle(entry, f"naive{index}", entry.naive[index].code)


def job(entry: Entry, translated: Translated, ban: bool) -> Job:
    """The translation as a job for a 2.x runtime."""
    before, after = translated.before, translated.after
    changed = [name for name in PREAMBLE if after.get(name) != before.get(name)]
    again = PREAMBLE[PREAMBLE.index(changed[0]) :] if changed else ()
    if entry.environment == "async":  # whose engine is the runtime's own, not the one of the fixtures
        again = tuple(changed)
    parts = [after[name] for name in again]
    if changed or after.get("imports") != before.get("imports"):
        parts.insert(0, after["imports"])
    parts.append(after.get("setup", ""))
    return {
        "env": entry.environment,
        "setup": [part for part in parts if part.strip()],
        "code": "\n".join(after[name] for name in ("snippet", "call") if name in after),
        "check": entry.check,
        "ban": ban,
        "deep": ends_in_value(entry.legacy),
    }


def legacy_job(entry: Entry) -> Job:
    """The entry as it stands."""
    setup = [part for part in (entry.setup, entry.setup_legacy) if part.strip()]
    return {"env": entry.environment, "setup": setup, "code": entry.legacy, "check": entry.check}


def modern_job(entry: Entry) -> Job:
    """The catalogue's 2.0 form."""
    setup = [part for part in (entry.setup, entry.setup_modern) if part.strip()]
    return {"env": entry.environment, "setup": setup, "code": entry.modern, "check": entry.check}


def _give_up(_signal: int, _frame: object) -> None:
    raise TimeoutError(f"no translation after {SECONDS_PER_TEXT} s")


def _oracle(entry: Entry, name: str, code: str) -> Translated:
    setup = "\n".join(part for part in (entry.setup, entry.setup_modern) if part.strip())
    return Translated(name, {"snippet": entry.legacy, "setup": setup}, {"snippet": code, "setup": setup})


def _failed(program: Program, variant: Variant, failure: str) -> Translated:
    return Translated(variant, program.sections, program.sections, failure=failure)


def _points_into(diagnostic: Diagnostic, program: Program) -> bool:
    spans = (diagnostic.span, *(related.span for related in diagnostic.related))
    lines = program.snippet_lines
    return any(span.start_line < lines.stop and span.end_line >= lines.start for span in spans)
