"""New imports stand where the author would have put them: in their group, in its order."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.test_program import output, translated, write

META = """
from sqlalchemy.orm import declarative_base, scoped_session, sessionmaker

Session = scoped_session(sessionmaker())
Base = declarative_base()
Base.query = Session.query_property()
"""
MODELS = """
from sqlalchemy import Column, Integer

from shop.meta import Base


class Tag(Base):
    __tablename__ = "tag"
    id = Column(Integer, primary_key=True)
"""
BODY = "\n\n\ndef found():\n    return Tag.query.all()\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "import os\n\nimport arrow\nfrom sqlalchemy import func\n\nfrom shop.models import Tag\n\nprint(os, arrow, func)",
            "import os\n\nimport arrow\nfrom sqlalchemy import func, select\n\n"
            "from shop.meta import Session\nfrom shop.models import Tag\n\nprint(os, arrow, func)",
        ),
        (
            "import os\n\nfrom shop.audit import told\nfrom shop.models import Tag\nfrom shop.views import seen\n\nprint(os)",
            "import os\n\nfrom sqlalchemy import select\n\nfrom shop.audit import told\nfrom shop.meta import Session\n"
            "from shop.models import Tag\nfrom shop.views import seen\n\nprint(os)",
        ),
        (
            "from shop.models import Tag\nimport arrow\nfrom flask import abort",
            "from shop.meta import Session\nfrom shop.models import Tag\nimport arrow\nfrom flask import abort\n"
            "from sqlalchemy import select",
        ),
        (
            "import os\nfrom flask import abort\nimport arrow\n"
            "from shop.models import Tag\nfrom shop.views import seen\n\nprint(os)",
            "import os\nfrom flask import abort\nimport arrow\nfrom sqlalchemy import select\nfrom shop.meta import Session\n"
            "from shop.models import Tag\nfrom shop.views import seen\n\nprint(os)",
        ),
        (
            "import os\n\nfrom .models import Tag\n\nprint(os)",
            "import os\n\nfrom sqlalchemy import select\n\nfrom .meta import Session\nfrom .models import Tag\n\nprint(os)",
        ),
        (
            "from sqlalchemy import Column\nfrom sqlalchemy import func\nfrom sqlalchemy import Text\n"
            "from shop.models import Tag\n\nprint(Column, func, Text)",
            "from sqlalchemy import Column\nfrom sqlalchemy import func\nfrom sqlalchemy import select\n"
            "from sqlalchemy import Text\nfrom shop.meta import Session\nfrom shop.models import Tag\n\n"
            "print(Column, func, Text)",
        ),
    ],
)
def test_an_import_stands_among_its_own(tmp_path: Path, before: str, after: str) -> None:
    """The application's beside those of the same package; SQLAlchemy's before these, after the standard library's."""
    files = {"shop/__init__.py": "", "shop/meta.py": META, "shop/models.py": MODELS, "shop/lists.py": before + BODY}
    found = output(translated(write(tmp_path, files))["lists.py"])
    assert found.partition("\n\n\ndef")[0] == after
