"""The rows an entry starts from.

"usual": fan-out joins, NULLs, ties, repeated names, an orphan, an unused tag. "crowded": every look-up that finds one
row there finds several here. "empty": none at all. A translation that holds on the first alone is not proven.
"""

from __future__ import annotations

from typing import Any

import models

USUAL: dict[str, list[tuple[Any, ...]]] = {
    "author": [(1, "Ada", "UK", 5), (2, "Bo", None, None), (3, "Cy", "US", 3), (4, "Di", "US", 3), (5, "Ada", None, 1)],
    "profile": [(1, 1, "countess"), (2, 3, None)],
    "book": [
        (1, "Engines", 1843, "10.50", 1),
        (2, "Notes", 1850, "3.00", 1),
        (3, "Maps", None, None, 2),
        (4, "Atlas", 1999, "25.00", 3),
        (5, "Orphan", 2001, "1.00", None),
        (6, "Engines", 2005, "8.25", 3),
    ],
    "tag": [(1, "math"), (2, "travel"), (3, "unused")],
    "book_tag": [(1, 1), (2, 1), (2, 2), (3, 2), (4, 2)],
    "review": [(1, 1, 5, "great"), (2, 1, 5, None), (3, 2, 2, "dry"), (4, 4, 4, None)],
    "node": [(1, "root", None), (2, "a", 1), (3, "b", 1), (4, "aa", 2)],
    "asset": [(1, "image", "cover"), (2, "clip", "intro"), (3, "asset", "blob")],
    "image": [(1, 640)],
    "clip": [(2, 30)],
    "stock": [(1, 1, 10), (1, 2, 0), (2, 1, 7)],
}
CROWDED: dict[str, list[tuple[Any, ...]]] = {
    "author": [
        (1, "Ada", "US", 3),
        (2, "Bo", "US", 3),
        (3, "Ada", None, None),
        (4, "Di", "UK", 3),
        (5, "Bo", "US", 9),
        (6, "Ada", "UK", None),
        (7, "nobody", "XX", 3),
        (8, "Cy", "US", 3),
    ],
    "profile": [(1, 1, None), (2, 2, "countess"), (3, 7, "x")],
    "book": [
        (1, "Engines", 1999, "10.50", 1),
        (2, "Engines", 1999, "10.50", 1),
        (3, "Maps", None, None, 1),
        (4, "Atlas", 1999, "25.00", 2),
        (5, "Notes", 2001, "1.00", 2),
        (6, "Maps", 1843, "8.25", 2),
        (7, "Notes", None, "3.00", None),
        (8, "Orphan", 1850, None, 7),
    ],
    "tag": [(1, "math"), (2, "travel"), (3, "math")],
    "book_tag": [(1, 1), (1, 2), (2, 1), (2, 2), (3, 1), (4, 1), (4, 2), (4, 3), (6, 2)],
    "review": [
        (1, 1, 5, "great"),
        (2, 1, 5, "great"),
        (3, 1, 2, None),
        (4, 2, 5, None),
        (5, 4, 2, "dry"),
        (6, 4, 4, "dry"),
        (7, 8, 4, None),
    ],
    "node": [(1, "root", None), (2, "a", 1), (3, "a", 1), (4, "aa", 2), (5, "aa", 3), (6, "root", None)],
    "asset": [
        (1, "image", "cover"),
        (2, "clip", "intro"),
        (3, "asset", "blob"),
        (4, "image", "cover"),
        (5, "clip", "intro"),
    ],
    "image": [(1, 640), (4, 640)],
    "clip": [(2, 30), (5, None)],
    "stock": [(1, 1, 10), (1, 2, 10), (2, 1, 0), (2, 2, None)],
}
DATASETS: dict[str, dict[str, list[tuple[Any, ...]]]] = {"usual": USUAL, "crowded": CROWDED, "empty": {}}


def seed(engine: Any, dataset: str) -> None:
    """Create the tables and put the rows in."""
    models.Base.metadata.create_all(engine)
    with engine.begin() as connection:
        for table, rows in DATASETS[dataset].items():
            for row in rows:
                connection.exec_driver_sql(f"insert into {table} values ({','.join('?' * len(row))})", row)
