"""What no sample value leads to runs all the same, and is held against the translation: branches, handlers, parts of a line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from translator.options import Options
from translator.pipeline import translate
from translator.schema.infer import plan
from translator.verify.harness import Prover, Sides
from translator.verify.trace import Verdict, Verification

FORBIDDEN = """
@bp.route('/post/<int:id>', methods=['GET', 'POST'])
def edit(id):
    post = Post.query.get_or_404(id)
    if post.author_id != current_user.id:
        abort(403)
    form = PostForm()
    if form.validate_on_submit():
        return redirect(url_for('index'))
    comments = Comment.query.filter_by(post_id=id).order_by(Comment.created.desc()).limit(20).all()
    return render_template('edit.html', post=post, comments=comments)
"""
HANDLER = """
def save(session, name):
    try:
        session.add(User(name=name))
        session.commit()
    except IntegrityError:
        session.rollback()
        return session.query(User).filter_by(name=name).order_by(User.id.desc()).first()
"""
NEVER = """
users = session.query(User).all()
if len(users) > 100:
    users = session.query(User).order_by(User.name).limit(100).all()
"""
IN_A_LINE = """
users = session.query(User).all()
first = session.query(User).order_by(User.name).first() if len(users) > 100 else None
"""
RETURNED = """
def found(session, name):
    try:
        return session.query(User).order_by(User.id).first()
    except NoResultFound:
        pass
    return session.query(User).order_by(User.name).first()
"""


def proven(prover: Prover, code: str, wrong: tuple[str, str] = ("", "")) -> Verification:
    """The proof of the translation, or of one in which something was made wrong by hand."""
    translation = translate(code.lstrip("\n"), Options(convert_escaping=True))
    sides = Sides.of(translation)
    assert wrong[0] in sides.after, sides.after
    after = sides.after.replace(*wrong) if wrong[0] else sides.after
    return prover.prove(replace(sides, after=after), plan(sides.before), "sqlite")


@pytest.mark.parametrize("code", [FORBIDDEN, HANDLER, NEVER, IN_A_LINE, RETURNED])
def test_what_no_value_leads_to_is_proven(prover: Prover, code: str) -> None:
    """The verdict says that the way there was decided, and shows the statements."""
    found = proven(prover, code)
    assert found.verdict is Verdict.SAME, found.reason
    assert found.not_run_lines == ()
    assert "No value led to line" in found.reason


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        (FORBIDDEN, (".desc()", "")),
        (FORBIDDEN, (".limit(20)", "")),
        (HANDLER, (".desc()", "")),
        (NEVER, (".order_by(User.name)", "")),
        (NEVER, ("session.scalars(select(User).order_by", "session.execute(select(User).order_by")),
        (IN_A_LINE, (".order_by(User.name)", "")),
        (RETURNED, (".order_by(User.name)", "")),
    ],
)
def test_what_is_wrong_there_is_found_out(prover: Prover, code: str, wrong: tuple[str, str]) -> None:
    """As it is in lines that run by themselves."""
    found = proven(prover, code, wrong)
    assert found.verdict is Verdict.DIFFERENT, found.reason
    assert "let it run" in found.reason


@pytest.mark.parametrize(
    "code",
    [
        "users = session.query(User).all()\nlater = [lambda: session.query(User).first()]\n",
        "users = session.query(User).all()\nnone = [session.query(User).get(n) for n in ()]\n",
        "users = session.query(User).all()\none = users is not None or session.query(User).first()\n",
        "    users = session.query(User).all()\n    one = users is not None or session.query(User).first()\n",
        "users = session.query(User).all()\nö = 'ä' and (users is not None or session.query(User).first())\n",
    ],
)
def test_a_part_of_a_line_that_did_not_run_is_told(prover: Prover, code: str) -> None:
    """Its line has run, but not what is translated in it."""
    found = proven(prover, code)
    assert found.verdict is Verdict.SAME, found.reason
    assert found.not_run_lines == (2,)


def test_what_fails_only_by_force_is_no_difference(prover: Prover) -> None:
    """`None` where the text has made sure that there is something: each version has its own words for that."""
    code = "users = session.query(User).all()\nif users is None:\n    print(users.id, session.query(User).count())\n"
    found = proven(prover, code)
    assert found.verdict is Verdict.SAME
    assert found.not_run_lines == (3,)


def test_one_row_is_found_where_several_are_caught(prover: Prover) -> None:
    """What is done with the one is held against the translation as well as the handler."""
    code = (
        "try:\n    user = session.query(User).filter_by(name='x').one()\nexcept NoResultFound:\n    user = None\n"
        "except MultipleResultsFound:\n    user = session.query(User).order_by(User.id).first()\n"
    )
    assert proven(prover, code).verdict is Verdict.SAME
    found = proven(prover, code, ("session.scalars(select(User).filter_by(", "session.execute(select(User).filter_by("))
    assert found.verdict is Verdict.DIFFERENT
    assert "one" in found.reason
