"""When two SQL texts mean the same: labels, anonymous names and white space set aside, and nothing else."""

from __future__ import annotations

import pytest

from translator.verify.sql import flat, has_order, meaning

SAME = [
    ("SELECT a.id AS a_id, a.name AS a_name \nFROM a", "SELECT a.id, a.name FROM a"),
    ("SELECT a.id AS a_id FROM a ORDER BY a_id", "SELECT a.id AS other FROM a ORDER BY other"),
    (
        "SELECT count(*) AS count_1 FROM (SELECT a.id AS a_id FROM a) AS anon_1",
        "SELECT count(*) AS count_1 FROM (SELECT a.id AS id FROM a) AS anon_1",
    ),
    (
        "SELECT anon_1.a_id AS anon_1_a_id FROM (SELECT a.id AS a_id FROM a LIMIT ?) AS anon_1 WHERE anon_1.a_id > ?",
        "SELECT anon_2.id FROM (SELECT a.id AS id FROM a LIMIT ?) AS anon_2 WHERE anon_2.id > ?",
    ),
    ("SELECT b_1.id AS b_1_id FROM b AS b_1", "SELECT b_2.id FROM b AS b_2"),
    (
        "WITH c AS (SELECT a.id AS a_id FROM a) SELECT c.a_id FROM c",
        "WITH d AS (SELECT a.id AS id FROM a) SELECT d.id FROM d",
    ),
    ("INSERT INTO a (n) VALUES (?) RETURNING id", "INSERT INTO a (n) VALUES (?)"),
    ("SELECT b_1.id AS b_1_id FROM b AS b_1", "SELECT b.id FROM b"),
    (
        "SELECT a.id FROM a, m WHERE m.p = ? AND m.q = a.id AND m.q = ? ORDER BY a.n",
        "SELECT a.id FROM a, m AS m_1 WHERE m_1.p = ? AND m_1.q = a.id AND a.id = ? ORDER BY a.n",
    ),
]
NESTED = (
    "SELECT anon_1.anon_2_a_id AS anon_1_anon_2_a_id FROM (SELECT anon_2.a_id AS anon_2_a_id FROM ("
    "SELECT a.id AS a_id FROM a WHERE a.id = ? {0} SELECT b.id AS b_id FROM b{1}) AS anon_2{2} {3} SELECT a.id AS a_id FROM a"
    ") AS anon_1 ORDER BY anon_1.anon_2_a_id"
)
FLAT = (
    "SELECT anon_1.id FROM (SELECT a.id AS id FROM a WHERE a.id = ? {0} SELECT b.id AS id FROM b {0} SELECT a.id AS id FROM a"
    ") AS anon_1 ORDER BY anon_1.id"
)
UNIONS = [
    ("UNION", "", "", "UNION", True),
    ("UNION ALL", "", "", "UNION ALL", True),
    ("UNION", "", "", "UNION ALL", False),
    ("UNION ALL", "", "", "UNION", False),
    ("EXCEPT", "", "", "EXCEPT", False),
    ("UNION", " ORDER BY b.id LIMIT ?", "", "UNION", False),
    ("UNION", "", " WHERE anon_2.a_id > ?", "UNION", False),
]
DIFFERENT = [
    ("SELECT a.id FROM a", "SELECT a.name FROM a"),
    ("SELECT a.line_1 FROM a", "SELECT a.line_2 FROM a"),
    ("SELECT a.id, a.name FROM a", "SELECT a.name, a.id FROM a"),
    ("SELECT a.id FROM a ORDER BY a.id", "SELECT a.id FROM a"),
    ("SELECT a.id FROM a LIMIT ?", "SELECT a.id FROM a LIMIT ? OFFSET ?"),
    ("SELECT a.n FROM a WHERE a.n = 'x  y'", "SELECT a.n FROM a WHERE a.n = 'x y'"),
    ("SELECT CAST(a.n AS INTEGER) FROM a", "SELECT CAST(a.n AS VARCHAR) FROM a"),
    ("SELECT a.id AS x, a.n AS y FROM a ORDER BY x", "SELECT a.id AS x, a.n AS y FROM a ORDER BY y"),
    (
        "SELECT s.x FROM (SELECT a.id AS x, a.n AS y FROM a) AS s",
        "SELECT s.y FROM (SELECT a.id AS x, a.n AS y FROM a) AS s",
    ),
    (
        "SELECT a_1.id FROM a AS a_1 JOIN a AS a_2 ON a_1.p = a_2.id",
        "SELECT a_2.id FROM a AS a_1 JOIN a AS a_2 ON a_1.p = a_2.id",
    ),
    ("SELECT a.id AS name FROM a WHERE name = ?", "SELECT a.id AS other FROM a WHERE other = ?"),
    ("SELECT DISTINCT a.id FROM a", "SELECT a.id FROM a"),
    ("UPDATE a SET n=?", "UPDATE a SET n=? WHERE a.id = ?"),
    ("SELECT a.id FROM a, b WHERE a.x = b.y OR a.x = ?", "SELECT a.id FROM a, b WHERE a.x = b.y OR b.y = ?"),
    ("SELECT a.id FROM a, b WHERE a.x = b.y AND a.z = ?", "SELECT a.id FROM a, b WHERE a.x = b.y AND b.z = ?"),
    ("SELECT a.id FROM a, b WHERE a.x > b.y AND a.x = ?", "SELECT a.id FROM a, b WHERE a.x > b.y AND b.y = ?"),
    (
        "SELECT a.id FROM a LEFT OUTER JOIN b ON a.x = b.y WHERE a.x = ?",
        "SELECT a.id FROM a LEFT OUTER JOIN b ON a.x = b.y WHERE b.y = ?",
    ),
    (
        "SELECT x.id FROM m AS x WHERE EXISTS (SELECT 1 FROM k AS x WHERE x.a = ?)",
        "SELECT m.id FROM m WHERE EXISTS (SELECT 1 FROM k AS y WHERE m.a = ?)",
    ),
    (
        "SELECT a.id FROM a AS a_1, a WHERE a_1.x = ?",
        "SELECT a.id FROM a AS a_1, a WHERE a.x = ?",
    ),
    (
        "SELECT a.id FROM a WHERE EXISTS (SELECT 1 FROM b AS b_1 WHERE b_1.x = a.id)",
        "SELECT a.id FROM a WHERE EXISTS (SELECT 1 FROM b AS b_1, a WHERE b_1.x = a.id)",
    ),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_equal_up_to_names_of_its_own(one: str, other: str) -> None:
    """Labels and aliases that the statement itself gives don't count."""
    assert flat(one) != flat(other)
    assert meaning(one) == meaning(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_however_alike(one: str, other: str) -> None:
    """Real columns, their order, literals, clauses and types count."""
    assert meaning(one) != meaning(other)


def test_order_counts_only_outermost() -> None:
    """An ORDER BY inside a subquery promises nothing about the rows."""
    assert has_order("SELECT a.id FROM a ORDER BY a.id")
    assert not has_order("SELECT x.id FROM (SELECT a.id FROM a ORDER BY a.id) AS x")
    assert not has_order("SELECT a.id FROM a WHERE a.n = ' ORDER BY '")


@pytest.mark.parametrize(("inner", "end", "criterion", "outer", "same"), UNIONS)
def test_unions_of_unions(inner: str, end: str, criterion: str, outer: str, same: bool) -> None:
    """One after another is one of all, where nothing but their kind is in between."""
    nested = NESTED.format(inner, end, criterion, outer)
    assert any(meaning(nested) == meaning(FLAT.format(kind)) for kind in ("UNION", "UNION ALL", "EXCEPT")) is same
    if same:
        assert meaning(nested) == meaning(FLAT.format(inner))
