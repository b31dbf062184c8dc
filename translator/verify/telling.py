"""Words for values, and for what differs between two of them. Pure functions of encoded values."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from translator.verify import sql
from translator.verify.pairing import equal, key_of

CONTAINERS = ("row", "tuple", "result", "iterator", "set", "dict")


def is_builder(value: Any) -> bool:
    """Whether an encoded value is a statement that nobody has executed."""
    return isinstance(value, dict) and "builder" in value


def emitted(value: Any, statements: Sequence[Any]) -> bool:
    """Whether a value is an INSERT, UPDATE or DELETE that has been executed as it stands."""
    if not is_builder(value) or value["builder"] != "clause":
        return False
    meant = sql.meaning(str(value["sql"]))
    return meant.startswith(("INSERT", "UPDATE", "DELETE")) and any(
        sql.meaning(one["sql"]) == meant and equal(one["parameters"], value["parameters"]) for one in statements
    )


def carries_out(query: Any, value: Any, statements: Sequence[Any]) -> bool:
    """Whether a value is the UPDATE or DELETE of just the rows that a Query asked for, and one of them was executed.

    E.g. `q = delete(A).where(…)` for `q = session.query(A).filter(…)` that was deleted by: what it does has been compared.
    """
    if not is_builder(query) or not is_builder(value) or value["builder"] != "clause":
        return False
    asked, done = sql.rows_of(str(query["sql"])), sql.rows_of(str(value["sql"]))
    given, held = list(query["parameters"]), list(value["parameters"])
    kind = str(value["sql"]).split(maxsplit=1)[0]
    return (
        asked == done is not None
        and kind in ("UPDATE", "DELETE")
        and equal(given, held[len(held) - len(given) :])
        and any(str(one["sql"]).startswith(kind) and sql.touches(str(one["sql"]), done[0]) for one in statements)
    )


def alike(old: Any, new: Any) -> bool:
    """Equality in which a statement stands for what it asks, a Query or a Select, also within containers."""
    return equal(_meant(old), _meant(new))


def _meant(value: Any) -> Any:
    if isinstance(value, list):
        return [_meant(item) for item in value]
    if is_builder(value):
        return {"asks": sql.meaning(str(value["sql"])), "parameters": value["parameters"]}
    if isinstance(value, dict):
        return {name: _meant(item) for name, item in value.items()}
    return value


def describe(value: Any) -> str:
    """An encoded value in a few words."""
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, dict) and "row" in value and len(key_of(value)) < 60:
        return f"the row ({', '.join(describe(item) for item in value['row'])})"
    if not isinstance(value, dict):
        text = json.dumps(value)
        return {"null": "None", "true": "True", "false": "False"}.get(text, text[:60])
    kind = next(iter(value), "")
    inner = value.get(kind)
    if kind == "entity":
        return f"{inner} {_key(value.get('key'))}"
    if kind == "sql":
        return f"a {value.get('builder')}"
    if kind in CONTAINERS:
        size = len(inner) if isinstance(inner, list) else 0
        return f"a {kind} of {size}"
    return f"{inner}"[:60]


def difference(old: Any, new: Any) -> str:
    """What differs, as the end of a sentence that names the value: "gives 9 items where it gave 6: …"."""
    one, other = _items(old), _items(new)
    if one is None or other is None:
        return f"{describe(new)} where it was {describe(old)}"
    if type(old) is not type(new) or (isinstance(old, dict) and old.keys() != new.keys()):
        return f"{describe(new)} where it was {describe(old)}"
    return _of_items(one, other)


def _of_items(old: list[Any], new: list[Any]) -> str:
    before, after = Counter(map(_short, old)), Counter(map(_short, new))
    count = f"{_count(new)} where it was {_count(old)}"
    if before == after:
        if Counter(map(key_of, old)) == Counter(map(key_of, new)):
            return f"the same {_count(new)} in another order"
        pairs = zip(old, new, strict=True)
        one, other = next((pair for pair in pairs if not equal(*pair)), (old, new))
        return _apart(key_of(one), key_of(other))
    more, fewer = after - before, before - after
    if before.keys() == after.keys():
        word, counts = next(iter((more or fewer).items()))
        del counts
        return f"{count}: {word} comes {_times(after[word])} instead of {_times(before[word])}"
    extra = f"{_listed(more)} came in" if more else ""
    missing = f"{_listed(fewer)} went missing" if fewer else ""
    return f"{count}: {' and '.join(part for part in (missing, extra) if part)}"


def _apart(old: str, new: str) -> str:
    """Two long texts, from where they part."""
    place = next((at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), 0)
    start = max(place - 20, 0)
    return f"…{new[start : place + 60]} where it was …{old[start : place + 60]}"


def _items(value: Any) -> list[Any] | None:
    """The items of something that has several; None for anything else."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and len(value) == 1:
        kind, inner = next(iter(value.items()))
        if kind in ("result", "iterator", "set") and isinstance(inner, list):
            return inner
    return None


def _short(value: Any) -> str:
    if isinstance(value, dict) and ("row" in value or "tuple" in value):
        return f"({', '.join(_short(item) for item in value.get('row') or value.get('tuple') or ())})"[:80]
    return describe(value) if isinstance(value, dict) and "entity" in value else key_of(value)[:80]


def _listed(items: Counter[str]) -> str:
    words = list(items)[:2]
    rest = sum(items.values()) - sum(items[word] for word in words)
    return ", ".join(words) + (f" and {rest} more" if rest else "")


def _count(items: list[Any]) -> str:
    return "1 item" if len(items) == 1 else f"{len(items)} items"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def _key(key: Any) -> str:
    if isinstance(key, list) and len(key) == 1:
        return describe(key[0])
    return json.dumps(key)


def lines(numbers: list[int]) -> str:
    """Line numbers as people list them."""
    listed = [str(number) for number in numbers[:6]] + (["others"] if len(numbers) > 6 else [])
    if len(listed) == 1:
        return f"line {listed[0]}"
    return f"lines {', '.join(listed[:-1])} and {listed[-1]}"
