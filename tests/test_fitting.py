"""What comes out keeps to the length of its author's lines."""

from __future__ import annotations

from translator import translate

SHORT = "# 456789012345678901234567890123456789012345678901234567890123456789012345\n" * 6
"""Lines that show that a limit of 79 columns is kept."""
HEAD = "import sqlalchemy as sa\nfrom sqlalchemy.orm import Session\n\n\n"


def written(body: str) -> str:
    """What a function of such a text becomes."""
    head = f"{HEAD}def of(session: Session, given):\n"
    output = translate(f"{head}{body}{SHORT}").output
    assert max(map(len, output.split("\n"))) <= 79, output
    return output.removeprefix(head).removesuffix(SHORT)


def test_a_chain_of_several_lines_is_opened_where_its_first_line_gets_too_long() -> None:
    """What is executed stands below the bracket, with its own lines moved along."""
    found = written(
        "    num = session.query(models.ResourceProviderTraits).filter(\n"
        "        models.ResourceProviderTraits.trait_id == given).count()\n    return num\n"
    )
    assert found == (
        "    num = session.scalar(\n"
        "        sa.select(sa.func.count()).select_from(\n"
        "            sa.select(models.ResourceProviderTraits).where(\n"
        "                models.ResourceProviderTraits.trait_id == given).subquery()\n"
        "        )\n"
        "    )\n"
        "    return num\n"
    )


def test_comments_stay_in_their_lines() -> None:
    """They move with the arguments."""
    found = written(
        "    return session.query(models.ResourceProviderTraits).filter_by(\n"
        "        name=given,  # the one\n        other=3,\n    ).first()\n"
    )
    assert found == (
        "    return session.scalars(\n"
        "        sa.select(models.ResourceProviderTraits).filter_by(\n"
        "            name=given,  # the one\n            other=3,\n        ).limit(1)\n"
        "    ).first()\n"
    )


def test_a_chain_of_one_line_is_broken_at_its_last_call() -> None:
    """Also where it is not executed."""
    found = written(
        "    sel = models.PROJECT_TABLE.select(models.PROJECT_TABLE.c.external_id == given)\n    return sel\n"
    )
    assert found == (
        "    sel = models.PROJECT_TABLE.select().where(\n"
        "        models.PROJECT_TABLE.c.external_id == given\n    )\n    return sel\n"
    )


def test_what_keeps_to_the_limit_stays_as_it_is_broken() -> None:
    """Lines are not broken for the sake of it."""
    found = written("    return session.query(User).filter(\n        User.name == given).first()\n")
    assert found == "    return session.scalars(sa.select(User).where(\n        User.name == given).limit(1)).first()\n"
