"""Sources made to hurt whoever reads them: parser, inference, rules, SQL reader, printer. Each is refused or translated."""

from __future__ import annotations

KIB = 1024


def _repeated(part: str, size: int = 60 * KIB) -> str:
    return part * (size // len(part))


SOURCES: dict[str, str] = {
    "open brackets": "(" * 60_000,
    "brackets of all kinds": _repeated("({["),
    "calls in calls": "f(" * 1000 + ")" * 1000,
    "subscripts in subscripts": "x[" * 1000 + "0" + "]" * 1000,
    "lambdas in lambdas": "x = " + "lambda: " * 5000 + "1\n",
    "conditions in conditions": "x = " + "1 if a else " * 4000 + "2\n",
    "negations": "x = " + "not " * 15_000 + "a\n",
    "minus signs": "x = " + "-" * 60_000 + "1\n",
    "tildes": "x = " + "~" * 60_000 + "1\n",
    "awaits": "x = " + "await " * 10_000 + "a\n",
    "powers": "x = " + "2 ** " * 12_000 + "2\n",
    "sums": "x = " + "1 + " * 15_000 + "1\n",
    "ands": "x = " + "a and " * 10_000 + "b\n",
    "comparisons": "x = " + "a < " * 15_000 + "b\n",
    "attributes": "x = a" + ".b" * 30_000 + "\n",
    "calls after calls": "x = a" + ".b()" * 15_000 + "\n",
    "a chain of filters": "x = session.query(User)" + ".filter(User.id == 1)" * 2_700 + ".all()\n",
    "a short chain of filters": "x = session.query(User)" + ".filter(User.id == 1)" * 150 + ".all()\n",
    "a chain of joins": "x = session.query(User)" + ".join(User.posts)" * 3_400 + ".all()\n",
    "blocks in blocks": "".join(" " * depth + "if a:\n" for depth in range(300)) + " " * 300 + "pass\n",
    "functions in functions": "".join(" " * depth + "def f():\n" for depth in range(95)) + " " * 95 + "pass\n",
    "classes in classes": "".join(" " * depth + "class C:\n" for depth in range(95)) + " " * 95 + "pass\n",
    "loops in loops": "".join(" " * depth + "for x in session.query(U):\n" for depth in range(19))
    + " " * 19
    + "pass\n",
    "tries in tries": "".join(" " * depth + "try:\n" for depth in range(60))
    + "".join(" " * depth + "pass\n" + " " * (depth - 1) + "finally:\n" for depth in range(60, 0, -1))
    + " pass\n",
    "f-strings in f-strings": 'f"{' * 1200 + "1",
    "an f-string with many parts": 'x = f"' + "{a}" * 15_000 + '"\n',
    "a string of many parts": 'x = ("a"' + '\n"b"' * 10_000 + ")\n",
    "a wide list": "x = [" + "1, " * 20_000 + "]\n",
    "a wide dict": "x = {" + "'a': 1, " * 7_000 + "}\n",
    "a wide call": "f(" + "a=1, " * 10_000 + ")\n",
    "a wide call with one name each": "f(" + "".join(f"a{n}=1, " for n in range(6_000)) + ")\n",
    "a wide import": "from sqlalchemy import " + ", ".join(f"name{n}" for n in range(5_000)) + "\n",
    "wide parameters": "def f(" + ", ".join(f"a{n}=session.query(U)" for n in range(2_400)) + "): pass\n",
    "many decorators": "@a\n" * 25_000 + "def f(): pass\n",
    "many branches": "if a:\n    q = 1\n" + "elif a:\n    q = 2\n" * 2_900,
    "branches that build a query": "q = session.query(User)\n"
    + "if a:\n    q = q.filter(User.id == 1)\n" * 1_400
    + "q.all()\n",
    "loops that build a query": "q = session.query(User)\n"
    + "for a in b:\n    q = q.filter(User.id == a)\n" * 1_300
    + "q.all()\n",
    "functions that call each other": "".join(
        f"def f{n}(q): return f{n + 1}(f{n - 1}(q)).filter(a)\n" for n in range(1_000)
    ),
    "functions that hand a query on": "".join(
        f"def f{n}(q): return f{n + 1}(q.filter(U.a == {n}))\n" for n in range(1_100)
    )
    + "f0(session.query(U)).all()\n",
    "classes that inherit in a circle": "".join(
        f"class C{n}(C{(n + 1) % 900}): a = Column(Integer)\n" for n in range(900)
    ),
    "a tower of classes": "class C0(Base): pass\n"
    + "".join(f"class C{n + 1}(C{n}): x = C{n}.query.all()\n" for n in range(1_200)),
    "a thousand relationships": "class A(Base):\n"
    + "".join(f"    r{n} = relationship('A', backref='b{n}')\n" for n in range(1_300)),
    "a thousand aliases": "".join(f"a{n + 1} = aliased(a{n})\n" for n in range(2_500)) + "session.query(a2500).all()\n",
    "a thousand queries": "session.query(User).get(1)\n" * 2_200,
    "names that come from each other": "".join(f"a{n} = a{n + 1}\n" for n in range(4_000)),
    "starred everything": "x = [" + "*a, " * 15_000 + "]\n",
    "walruses": "x = " + "(a := " * 60 + "1" + ")" * 60 + "\n",
    "comprehensions in comprehensions": "x = " + "[" * 40 + "1" + " for a in b]" * 40 + "\n",
    "a comprehension of many loops": "x = [1" + " for a in session.query(U)" * 2_000 + "]\n",
    "patterns in patterns": "match a:\n    case " + "[" * 60 + "x" + "]" * 60 + ":\n        pass\n",
    "alternatives": "match a:\n    case " + "1 | " * 14_000 + "2:\n        pass\n",
    "types in types": "x: " + "list[" * 60 + "int" + "]" * 60 + " = 1\n",
    "an integer of sixty thousand digits": "x = " + "9" * 60_000 + "\n",
    "an exponent": "x = 9 ** 9 ** 9 ** 9\n",
    "a product of strings": 'x = "a" * 10 ** 10 * 10 ** 10\n',
    "a name of sixty thousand letters": "a" * 60_000 + " = 1\n",
    "a name of sixty thousand wide letters": "ᵃ" * 20_000 + " = 1\n",
    "one line of semicolons": "a;" * 30_000 + "\n",
    "backslashes": "x = 1 + \\\n" * 6_000 + "1\n",
    "blank lines": "\n" * 65_000,
    "carriage returns": "\r" * 65_000,
    "form feeds": "\f\n" * 30_000,
    "comments": "#\n" * 32_000,
    "spaces": " " * 60_000 + "x = 1\n",
    "tabs and spaces": "".join(("\t" if n % 2 else " ") * (n % 90) + "x = 1\n" for n in range(600)),
    "prompts": ">>> x = 1\n" * 6_000,
    "fences": "```\n" * 16_000,
    "quotes": "'" * 60_000,
    "triple quotes": "'''\"\"\"" * 10_000,
    "a type comment": "x = 1  # type: " + "list[" * 10_000 + "\n",
    "an encoding": "# -*- coding: utf-7 -*-\nx = '+ADw-script+AD4-'\n",
    "a null byte": "x = 1\0\n",
    "a lone surrogate": "x = '\ud800'\n",
    "characters without width": "x\u200b = 1\u2060\n" * 4_000,
    "SQL with many brackets": 'session.execute("SELECT ' + "(" * 30_000 + '")\n',
    "SQL with many joins": 'session.execute("SELECT 1 FROM a' + " JOIN b ON a.x = b.y" * 2_500 + '")\n',
    "SQL with many parameters": 'session.execute("SELECT ' + ":a, " * 12_000 + ':b")\n',
    "SQL with many colons": 'engine.execute("SELECT ' + ":" * 50_000 + '")\n',
    "SQL with many quotes": 'session.execute("SELECT ' + "''" * 25_000 + '")\n',
    "SQL with many comments": 'session.execute("SELECT ' + "/*" * 25_000 + '")\n',
    "SQL with many spaces": 'engine.execute("INSERT' + " " * 50_000 + 'x")\n',
    "SQL with many words": 'engine.execute("' + "a " * 25_000 + '")\n',
    "SQL with many signs": 'engine.execute("SELECT ' + "%" * 25_000 + '" % x)\n',
    "order by a long text": 'session.query(U).order_by("' + "a." * 25_000 + '").all()\n',
    "a long loader path": 'session.query(U).options(joinedload("' + "a." * 20_000 + 'b")).all()\n',
}
