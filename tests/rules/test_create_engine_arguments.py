"""Engines, pools and sessions: what did nothing is dropped, what meant something is flagged."""

from __future__ import annotations

import pytest

from tests.rules.checks import left, untouched


def test_create_session_committed_by_itself() -> None:
    """Its default was autocommit=True, and is a transaction in 2.0."""
    left("from sqlalchemy.orm import create_session\n\ns = create_session(bind=engine)\n", "autocommit=True in 1.x")
    untouched("from sqlalchemy.orm import create_session\n\ns = create_session(bind=engine, autocommit=False)\n")


def test_pools() -> None:
    """Threads and listeners are no pool's affair any more."""
    head = "from sqlalchemy.pool import QueuePool\n\n"
    left(head + "p = QueuePool(creator, use_threadlocal=True)\n", "use_threadlocal")
    left(head + "p = QueuePool(creator, listeners=[spy])\n", "event.listen()")


def test_the_dialect_postgres() -> None:
    """It is called postgresql."""
    left("from sqlalchemy import create_engine\n\ne = create_engine('postgres://host/db')\n", "postgresql")


def test_a_url_does_not_change() -> None:
    """set() gives another one."""
    left("from sqlalchemy.engine.url import make_url\n\nu = make_url(x)\nu.database = 'y'\n", "url.set(database=…)")


@pytest.mark.parametrize(
    "lines",
    [
        "    args = {}\n    args['encoding'] = 'utf-8'\n    return create_engine(url, **args)\n",
        "    args = {'encoding': 'utf-8'}\n    return create_engine(url, **args)\n",
        "    args: dict = dict(encoding='utf-8')\n    return create_engine(url, **args)\n",
        "    args = load()\n    args.update(encoding='utf-8')\n    return create_engine(url, **args)\n",
        "    args = load()\n    args.update({'encoding': 'utf-8'})\n    return create_engine(url, **args)\n",
        "    return create_engine(url, **{'encoding': 'utf-8'})\n",
    ],
)
def test_what_comes_with_a_dict_is_told_of(lines: str) -> None:
    """As in airflow 2.2: it raises on 2.x."""
    left(
        f"from sqlalchemy import create_engine\n\n\ndef made(url):\n{lines}",
        "create_engine(encoding=…) is gone from 2.0",
    )


def test_another_dict_is_told_of_only_by_a_name_that_says_something() -> None:
    """Many functions have `args`."""
    text = "from sqlalchemy import create_engine\n\n\ndef made(url, {0}):\n    return create_engine(url, **{0})\n\n\n"
    other = "def other():\n    {0} = load(encoding='x')\n    {0}['encoding'] = 'utf-8'\n    return {0}\n"
    untouched((text + other).format("args"))
    left((text + other).format("engine_args"), "create_engine(encoding=…) is gone from 2.0")
    untouched((text + "{0} = load(encoding='x')\n").format("engine_args"))


def test_what_2_0_takes_still_is_not_told_of() -> None:
    """`autocommit=False` says what a session is, `True` what it can't be."""
    text = (
        "from sqlalchemy.orm import sessionmaker\n\nsettings = {{'autocommit': {}}}\nmaker = sessionmaker(**settings)\n"
    )
    untouched(text.format("False"))
    left(text.format("True"), "sessionmaker(autocommit=…) is gone from 2.0")
