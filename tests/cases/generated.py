"""Makes programs of 1.x code at random: every clause in every company, so that no combination is left untried."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

COLUMNS = {
    "Customer": ("name", "email"),
    "Order": ("status", "total", "customer_id"),
    "OrderLine": ("quantity", "order_id"),
    "Product": ("name", "price"),
}
MANY = {("Customer", "orders"): "Order", ("Order", "lines"): "OrderLine", ("Product", "lines"): "OrderLine"}
ONE = {("Order", "customer"): "Customer", ("OrderLine", "order"): "Order", ("OrderLine", "product"): "Product"}
KEYS = {
    ("Customer", "Order"): "Order.customer_id == Customer.id",
    ("Order", "Customer"): "Order.customer_id == Customer.id",
    ("Order", "OrderLine"): "OrderLine.order_id == Order.id",
    ("OrderLine", "Product"): "OrderLine.product_id == Product.id",
}
TERMINALS = ("all", "all", "all", "first", "first", "one", "one_or_none", "scalar", "count", "count", "walk", "list")


@dataclass
class Draft:
    """One query while it is made up."""

    random: Random
    entity: str
    selected: list[str]
    links: list[str] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)

    def chance(self, probability: float) -> bool:
        """True that often."""
        return self.random.random() < probability

    def column(self, entity: str | None = None) -> str:
        """A column of an entity in FROM."""
        owner = entity or self.random.choice([self.entity, *self.joined])
        return f"{owner}.{self.random.choice((*COLUMNS[owner], 'id'))}"

    def criterion(self) -> str:
        """A comparison."""
        column = self.column()
        if column.endswith((".name", ".email", ".status")):
            return f"{column} {self.random.choice(['==', '!='])} {self.random.choice(['ada', 'bo', 'open'])!r}"
        return f"{column} {self.random.choice(['>', '<', '>=', '!=', '=='])} {self.random.randint(0, 6)}"


def program(seed: int) -> str:
    """One program; the same seed gives the same one."""
    random = Random(seed)
    entity = random.choice(sorted(COLUMNS))
    draft = Draft(random, entity, [])
    _select(draft)
    _joins(draft)
    _filters(draft)
    _options(draft)
    _order(draft)
    return _spelled(draft)


def _select(draft: Draft) -> None:
    kind = draft.random.choice(["entity"] * 5 + ["column", "columns", "pair", "mixed", "aggregate", "counted"])
    other = draft.random.choice([right for left, right in KEYS if left == draft.entity] or [""])
    if kind == "entity" or (kind in {"pair", "mixed", "counted"} and not other):
        draft.selected = [draft.entity]
    elif kind == "column":
        draft.selected = [draft.column()]
    elif kind == "columns":
        draft.selected = [f"{draft.entity}.id", draft.column()]
    elif kind == "aggregate":
        draft.selected = [f"func.{draft.random.choice(['max', 'count', 'sum'])}({draft.entity}.id)"]
    else:
        draft.selected = {
            "pair": [draft.entity, other],
            "mixed": [draft.entity, f"{other}.id"],
            "counted": [draft.entity, f"func.count({other}.id)"],
        }[kind]
        criterion = KEYS[draft.entity, other]
        if kind == "counted":
            draft.links.append(f".outerjoin({other}, {criterion})")
            draft.links.append(f".group_by({draft.entity}{draft.random.choice(['', '.id'])})")
        else:
            draft.links.append(draft.random.choice([f".filter({criterion})", f".join({other}, {criterion})"]))
        draft.joined.append(other)


def _joins(draft: Draft) -> None:
    for _ in range(draft.random.choice([0, 0, 1, 1, 2])):
        left = draft.random.choice([draft.entity, *draft.joined])
        ways = [(key, goal) for key, goal in {**MANY, **ONE}.items() if key[0] == left and goal not in draft.joined]
        ways = [way for way in ways if way[1] != draft.entity]
        if not ways:
            continue
        (owner, name), goal = draft.random.choice(ways)
        forms = [f"{owner}.{name}"]
        if (owner, goal) in KEYS:
            forms += [f"{goal}, {KEYS[owner, goal]}"]
        draft.links.append(f".{draft.random.choice(['join', 'join', 'outerjoin'])}({draft.random.choice(forms)})")
        draft.joined.append(goal)


def _filters(draft: Draft) -> None:
    for _ in range(draft.random.choice([0, 1, 1, 2])):
        if draft.chance(0.2):
            last = draft.joined[-1] if draft.joined and ".filter(" not in draft.links[0] else draft.entity
            draft.links.append(
                f".filter_by({draft.random.choice((*COLUMNS[last], 'id'))}={draft.random.randint(1, 3)})"
            )
        elif draft.chance(0.15):
            other = draft.random.choice(sorted(set(COLUMNS) - {draft.entity}))
            draft.links.append(f".filter({draft.entity}.id == {other}.id)")
        else:
            draft.links.append(f".filter({draft.criterion()}{', ' + draft.criterion() if draft.chance(0.3) else ''})")


def _options(draft: Draft) -> None:
    whole = draft.selected[0] == draft.entity
    names = [name for (owner, name) in {**MANY, **ONE} if owner == draft.entity]
    if whole and names and draft.chance(0.25):
        loader = draft.random.choice(["joinedload", "selectinload", "subqueryload"])
        draft.links.append(f".options({loader}({draft.entity}.{draft.random.choice(names)}))")
    if draft.chance(0.12):
        draft.links.append(".distinct()")


def _order(draft: Draft) -> None:
    if draft.chance(0.6):
        column = f"{draft.entity}.id" if draft.chance(0.6) else draft.column()
        draft.links.append(f".order_by({column}{'.desc()' if draft.chance(0.3) else ''})")
    if draft.chance(0.2):
        draft.links.append(f".limit({draft.random.randint(1, 4)})")
    if draft.chance(0.1):
        draft.links.append(f".offset({draft.random.randint(0, 2)})")


def _spelled(draft: Draft) -> str:
    start = f"session.query({', '.join(draft.selected)})"
    terminal = draft.random.choice(TERMINALS)
    ends = {"walk": "[row for row in {}]", "list": "list({})"}
    end = ends.get(terminal, "{}." + terminal + "()")
    style = draft.random.choice(["chain", "chain", "broken", "variable", "branches", "conditional"])
    if style == "chain":
        return f"result = {end.format(start + ''.join(draft.links))}\n"
    if style == "conditional":
        either = f"({start}{''.join(draft.links)} if {draft.random.choice([0, 1])} else {start})"
        return f"result = {end.format(either)}\n"
    if style == "broken":
        chain = "(\n    " + "\n    ".join([start, *draft.links])
        if terminal in ends:
            return f"result = {end.format(chain + chr(10) + ')')}\n"
        return f"result = {chain}\n    .{terminal}()\n)\n"
    lines = [f"q = {start}"]
    for index, link in enumerate(draft.links):
        branch = style == "branches" and draft.random.random() < 0.5
        lines.append(f"if {index} % 2 == 0:\n    q = q{link}" if branch else f"q = q{link}")
    return "\n".join([*lines, f"result = {end.format('q')}"]) + "\n"
