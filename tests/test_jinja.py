"""What a Jinja template does with a variable."""

from __future__ import annotations

import pytest

from translator import jinja

LOOP = "{% for post in posts %}{{ post.title }}{% endfor %}"


@pytest.mark.parametrize(
    ("text", "walks"),
    [
        (LOOP, 1),
        ("{%- for a, b in posts -%}\n{% else %}none{% endfor %}", 1),
        ("<h1 class='posts'>posts</h1>{# posts.count() #}", 0),
        ("{{ url_for('posts') }} {{ user.posts }} {{ '}} posts' }}", 0),
        ("{% block main %}{% with x = 1 %}" + LOOP + "{% endwith %}{% endblock %}", 1),
        ("{% if user %}{% endif %}{% set n = 1 %}" + LOOP + LOOP, 2),
        ("{% set text %}words{% endset %}" + LOOP, 1),
    ],
)
def test_walks(text: str, walks: int) -> None:
    """Loops over it are counted; words in the page, comments, strings and attributes of others are none of it."""
    assert jinja.walks(text, "posts") == walks


@pytest.mark.parametrize(
    "text",
    [
        "{{ posts.count() }}",
        "{% if posts %}some{% endif %}",
        "{% for post in posts if post.title %}{% endfor %}",
        "{% for post in posts recursive %}{% endfor %}",
        "{% for post in posts.limit(3) %}{% endfor %}",
        "{% for posts in posts %}{% endfor %}",
        "{% for x in y %}" + LOOP + "{% endfor %}",
        "{% if user %}" + LOOP + "{% endif %}",
        "{% macro page() %}" + LOOP + "{% endmacro %}",
        "{% set posts = 3 %}",
        "{{ '}}' ~ posts }}",
        "{% raw %}" + LOOP + "{% endraw %}",
        LOOP + "\n{{ show(posts) }}",
    ],
)
def test_other_uses(text: str) -> None:
    """Whatever else a template does with it is told with its line, and so is a loop that may not run just once."""
    assert jinja.walks("<p>\n" + text, "posts") == jinja.Use(text.count("\n") + 2)


def test_family() -> None:
    """The templates that see its variables: those that it extends or includes, and what these do."""
    texts = {"base.html": "{% include 'nav.html' ignore missing %}", "nav.html": "{% extends 'base.html' %}", "m": "x"}
    text = "{% extends 'base.html' %}{% import 'wtf.html' as wtf %}{% from 'm' import n with context %}"
    assert sorted(jinja.family(text, texts.get) or ()) == sorted(texts.values())


@pytest.mark.parametrize(
    "tag", ["extends layout", "include 'none.html'", "include ['a', 'b']", "extends 'm' if x else 'n'"]
)
def test_family_out_of_sight(tag: str) -> None:
    """A template whose name is not in sight may do anything."""
    assert jinja.family("{% " + tag + " %}", {"m": ""}.get) is None
