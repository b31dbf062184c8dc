"""What every rule keeps, whoever writes it: its example, itself when run again, and all the text around it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

import pytest

from translator import RuleDoc, Workbench, rules, translate

NOISE = "\n\n# after:\tkeep   'this'  \nlast = {  1 :2 }  # and this\n"


def ids(rule: RuleDoc) -> str:
    """Names a rule in the test report."""
    return rule.slug


@pytest.fixture(scope="module")
def workbench() -> Iterator[Workbench]:
    """The jail with both runtimes."""
    bench = Workbench()
    yield bench
    bench.close()


def without_imports(text: str) -> str:
    """The text without the imports at its top that a translation added."""
    lines = text.split("\n")
    while lines and (lines[0].startswith(("from sqlalchemy", "import sqlalchemy")) or not lines[0]):
        lines.pop(0)
    return "\n".join(lines)


@pytest.mark.parametrize("rule", rules(), ids=ids)
def test_a_rule_is_documented(rule: RuleDoc) -> None:
    """Its page has a sentence, an example that changes and the address of the migration guide's section."""
    assert rule.title.endswith(".")
    assert rule.guide.startswith(("https://docs.sqlalchemy.org/", "https://flask-sqlalchemy.readthedocs.io/"))
    assert rule.before != rule.after


@pytest.mark.parametrize("rule", rules(), ids=ids)
def test_its_example_translates(rule: RuleDoc) -> None:
    """The example becomes what the rule's page says, but for the imports."""
    assert without_imports(translate(rule.before, rule.options).output) == without_imports(rule.after)


@pytest.mark.parametrize("rule", rules(), ids=ids)
def test_translating_again_changes_nothing(rule: RuleDoc) -> None:
    """The output of a translation is 2.0 style: there is nothing left to do."""
    once = translate(rule.before, rule.options).output
    again = translate(once, rule.options)
    assert again.output == once
    assert not again.changes


@pytest.mark.parametrize("rule", rules(), ids=ids)
def test_the_text_around_survives(rule: RuleDoc) -> None:
    """Comments, odd spacing and trailing blanks outside the edits survive byte for byte."""
    assert translate(rule.before + NOISE, rule.options).output.endswith(NOISE)


@pytest.mark.parametrize("rule", rules(), ids=ids)
def test_switched_off_it_changes_nothing_of_its_own(rule: RuleDoc) -> None:
    """A rule that is skipped makes no change."""
    assert rule.slug not in {
        change.rule for change in translate(rule.before, replace(rule.options, skip=(rule.slug,))).changes
    }


@pytest.mark.parametrize("rule", rules(), ids=ids)
def test_both_sides_are_python(rule: RuleDoc) -> None:
    """Example and result compile."""
    ast.parse(rule.before)
    ast.parse(translate(rule.before, rule.options).output)


@pytest.mark.parametrize("rule", rules(), ids=ids)
def test_its_example_does_the_same_on_both_runtimes(rule: RuleDoc, workbench: Workbench) -> None:
    """Run on 1.4 and, translated, on 2.x, the example gives the same; one that can't run says why."""
    verification = workbench.convert(rule.before, rule.options, verify=True)["verification"]
    assert verification["verdict"] != "different", verification["reason"]
    if verification["verdict"] == "not_run":
        assert verification["reason"]
