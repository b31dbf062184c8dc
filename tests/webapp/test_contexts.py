"""Templates and their contexts fit: a template asks for nothing that its dataclass does not have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import pytest
from jinja2 import Environment, FileSystemLoader, meta, nodes

from webapp import contexts
from webapp.config import PROJECT
from webapp.contexts import Page

GLOBALS = {"asset", "built", "style_nonce", "version", "range", "loop"}
TEMPLATES = Environment(loader=FileSystemLoader(PROJECT / "templates"), autoescape=True)
TEMPLATES.filters["code_spans"] = str
PAGES = [
    value
    for value in vars(contexts).values()
    if isinstance(value, type) and issubclass(value, Page) and value is not Page
]


def parts_of(name: str) -> Iterator[tuple[str, nodes.Template]]:
    """A template and all it extends or includes."""
    assert TEMPLATES.loader is not None
    source = TEMPLATES.loader.get_source(TEMPLATES, name)[0]
    tree = TEMPLATES.parse(source)
    yield name, tree
    for other in meta.find_referenced_templates(tree):
        assert other is not None, f"{name} includes a template that is not named in it"
        yield from parts_of(other)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
def test_a_template_asks_for_nothing_but_its_context(page: type[Page]) -> None:
    """Names come from the dataclass, from the globals, or from a loop of the template that includes the part."""
    known = {field.name for field in fields(page)} | GLOBALS  # type: ignore[arg-type]
    parts = list(parts_of(page.template))
    for _, tree in parts:
        known |= {target.name for target in tree.find_all(nodes.Name) if target.ctx in {"store", "param"}}
    for name, tree in parts:
        assert meta.find_undeclared_variables(tree) <= known, name


def test_every_page_template_has_a_context() -> None:
    """No template lies about unused."""
    used = {name for page in PAGES for name, _ in parts_of(page.template)}
    there = {path.relative_to(PROJECT / "templates").as_posix() for path in PROJECT.glob("templates/**/*.html")}
    assert there == used
