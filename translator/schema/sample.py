"""The sample schema: models that snippets usually speak of, as data. A model is made only when a snippet mentions it.

`columns` are always there, `known` columns and `relations` when they are mentioned. The rows come from their types
(ties, NULLs, fan-out, parents without children) in the runtimes, the same for every model.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Kind = Literal["many", "one", "link"]


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship: `many` and `one` by a foreign key (`via` a column there or here), `link` via a table."""

    target: str
    kind: Kind
    via: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A model of the sample schema."""

    table: str
    columns: dict[str, str]
    known: dict[str, str] = field(default_factory=dict)
    relations: dict[str, Relation] = field(default_factory=dict)
    parent: str | None = None
    """The class it inherits from, joined by its table."""


def _many(target: str, via: str) -> Relation:
    return Relation(target, "many", via)


def _one(target: str, via: str) -> Relation:
    return Relation(target, "one", via)


def _link(target: str, via: str) -> Relation:
    return Relation(target, "link", via)


WRITING = {"user": _one("User", "user_id"), "author": _one("User", "author_id"), "owner": _one("User", "owner_id")}

MODELS = MappingProxyType(
    {
        "Customer": Sample(
            "customers",
            {"name": "String", "email": "String"},
            {"city": "String", "country": "String", "active": "Boolean", "credit": "Integer", "created_at": "DateTime"},
            {"orders": _many("Order", "customer_id")},
        ),
        "Order": Sample(
            "orders",
            {"customer_id": "Integer", "status": "String", "total": "Integer"},
            {"placed_at": "DateTime", "created_at": "DateTime", "user_id": "Integer"},
            {
                "customer": _one("Customer", "customer_id"),
                "user": _one("User", "user_id"),
                "lines": _many("OrderLine", "order_id"),
                "items": _many("OrderLine", "order_id"),
                "products": _link("Product", "order_products"),
            },
        ),
        "OrderLine": Sample(
            "order_lines",
            {"order_id": "Integer", "product_id": "Integer", "quantity": "Integer"},
            {"price": "Numeric"},
            {"order": _one("Order", "order_id"), "product": _one("Product", "product_id")},
        ),
        "Product": Sample(
            "products",
            {"name": "String", "price": "Numeric", "category_id": "Integer"},
            {"stock": "Integer", "sku": "String", "active": "Boolean", "created_at": "DateTime"},
            {
                "category": _one("Category", "category_id"),
                "lines": _many("OrderLine", "product_id"),
                "tags": _link("Tag", "product_tags"),
            },
        ),
        "Category": Sample(
            "categories",
            {"name": "String", "parent_id": "Integer"},
            {"slug": "String"},
            {
                "products": _many("Product", "category_id"),
                "parent": _one("Category", "parent_id"),
                "children": _many("Category", "parent_id"),
            },
        ),
        "Tag": Sample(
            "tags",
            {"name": "String"},
            {"label": "String"},
            {"products": _link("Product", "product_tags"), "posts": _link("Post", "post_tags")},
        ),
        "Employee": Sample(
            "employees",
            {"name": "String", "salary": "Integer", "manager_id": "Integer"},
            {"type": "String", "department": "String", "department_id": "Integer", "hired_at": "DateTime"},
            {
                "manager": _one("Employee", "manager_id"),
                "reports": _many("Employee", "manager_id"),
                "subordinates": _many("Employee", "manager_id"),
            },
        ),
        "Engineer": Sample("engineers", {"language": "String"}, {"engineer_info": "String"}, {}, "Employee"),
        "Manager": Sample("managers", {"budget": "Integer"}, {"manager_data": "String"}, {}, "Employee"),
        "User": Sample(
            "users",
            {"name": "String", "email": "String"},
            {
                "fullname": "String",
                "nickname": "String",
                "username": "String",
                "age": "Integer",
                "active": "Boolean",
                "is_active": "Boolean",
                "created_at": "DateTime",
            },
            {
                "addresses": _many("Address", "user_id"),
                "posts": _many("Post", "user_id"),
                "comments": _many("Comment", "user_id"),
                "orders": _many("Order", "user_id"),
                "roles": _link("Role", "user_roles"),
                "groups": _link("Group", "user_groups"),
                "profile": _one("Profile", "profile_id"),
            },
        ),
        "Address": Sample(
            "addresses",
            {"email": "String", "user_id": "Integer"},
            {"email_address": "String", "street": "String", "city": "String"},
            {"user": _one("User", "user_id")},
        ),
        "Post": Sample(
            "posts",
            {"title": "String", "user_id": "Integer"},
            {
                "body": "String",
                "author_id": "Integer",
                "published": "Boolean",
                "created_at": "DateTime",
                "views": "Integer",
                "likes": "Integer",
            },
            {**WRITING, "comments": _many("Comment", "post_id"), "tags": _link("Tag", "post_tags")},
        ),
        "Comment": Sample(
            "comments",
            {"text": "String", "post_id": "Integer", "user_id": "Integer"},
            {"body": "String", "author_id": "Integer", "created_at": "DateTime"},
            {**WRITING, "post": _one("Post", "post_id")},
        ),
    }
)
"""Models by their class names."""
