"""A verdict is never better than what ran: lines that were not reached, errors of the text's own, sample values."""

from __future__ import annotations

import pytest

from tests.verify.conftest import Prove
from translator.options import Options
from translator.pipeline import translate
from translator.schema.infer import plan
from translator.verify.harness import Prover, Sides
from translator.verify.trace import Verdict, Verification


def proven(prover: Prover, code: str) -> Verification:
    """The proof of what the translator makes of a text."""
    translation = translate(code, Options(convert_escaping=True))
    return prover.prove(Sides.of(translation), plan(translation.code_before), "sqlite")


@pytest.mark.parametrize(
    "code",
    [
        "raise ValueError('no')\nusers = session.query(User).all()",
        "def f(session):\n    raise ValueError('no')\n    return session.query(User).all()",
        "if False:\n    users = session.query(User).all()\nelse:\n    one = session.execute(text('SELECT 1')).scalar()",
        "users = some_session_of_theirs.query(User).all()",
    ],
)
def test_a_change_that_did_not_run_is_not_proven(prover: Prover, code: str) -> None:
    """Not even where both sides end alike, or do the same in other lines."""
    found = proven(prover, code)
    assert found.verdict is Verdict.NOT_RUN, found


def test_lines_that_did_not_run_are_told(prover: Prover) -> None:
    """What ran is proven, what didn't is listed by its line in the paste."""
    code = "users = session.query(User).all()\nif len(users) > 100:\n    users = session.query(User).limit(100).all()\n"
    found = proven(prover, code)
    assert found.verdict is Verdict.SAME
    assert found.not_run_lines == (3,)
    assert "line 3" in found.reason


def test_a_lost_commit_is_named(prove: Prove) -> None:
    """1.x committed such a write by itself."""
    code = "conn.execute(users.update().values(name='x'))"
    found = prove(code, code)
    assert found.verdict is Verdict.DIFFERENT
    assert "without committing" in found.reason


def test_repeated_entities_are_counted(prove: Prove) -> None:
    """The sentence says what comes how often."""
    found = prove(
        "users = session.query(User).join(User.addresses).all()",
        "from sqlalchemy import select\nusers = session.scalars(select(User).join(User.addresses)).all()",
    )
    assert "User 1 comes 3 times instead of once" in found.reason


@pytest.mark.parametrize(
    "code",
    [
        "@app.route('/users/<int:user_id>')\n@login_required\ndef show(user_id):\n"
        "    user = User.query.get_or_404(user_id)\n    return render_template('user.html', user=user)",
        "@click.command()\n@click.argument('name')\ndef find(name):\n"
        "    click.echo(session.query(User).filter_by(name=name).count())",
        "def get_db():\n    db = SessionLocal()\n    try:\n        yield db\n    finally:\n        db.close()\n\n"
        "@router.get('/{user_id}')\ndef read(user_id: int, db: Session = Depends(get_db)):\n"
        "    return db.query(User).filter(User.id == user_id).first()",
        "class Users(Resource):\n    def get(self, user_id):\n        return User.query.get(user_id)",
        "async def find(session: AsyncSession, name):\n"
        "    found = await session.execute(select([User]).where(User.name == name))\n    return found.scalars().first()",
        "def search(self, name=None):\n    query = self.session.query(User)\n"
        "    if name:\n        query = query.filter(User.name == name)\n    return query.all()",
        "@main.route('/')\ndef index():\n    page = request.args.get('page', 1, type=int)\n"
        "    users = User.query.order_by(User.name).limit(page).all()\n    return render_template('x', users=users)",
        "form = LoginForm()\nif form.validate_on_submit():\n"
        "    user = User.query.filter_by(email=form.email.data).first()",
    ],
)
def test_what_people_paste_is_proven(prover: Prover, code: str) -> None:
    """Routes, commands, dependencies, methods and fragments run through their functions, on made-up models and values."""
    found = proven(prover, code)
    assert found.verdict is Verdict.SAME, found.reason
    assert found.statements
    assert found.not_run_lines == ()
