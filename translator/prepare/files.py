"""Python files on disk: found, decoded as Python itself does (BOM, PEP 263 cookie, UTF-8 otherwise), and replaced."""

from __future__ import annotations

import codecs
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from translator.findings import SourceError, SourceErrorKind, Span

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"^[ \t\f]*(?:#.*)?$")

_SKIPPED_FOLDERS = frozenset({"__pycache__", "node_modules", "site-packages", "venv", "build", "dist"})


def python_files(folder: Path) -> Iterator[str]:
    """The Python files below a folder, in order; not those of environments, builds and hidden folders.

    A link that leads nowhere is no file.
    """
    for root, folders, files in os.walk(folder):
        kept = [name for name in folders if name not in _SKIPPED_FOLDERS and not name.startswith(".")]
        folders[:] = sorted(name for name in kept if not os.path.exists(os.path.join(root, name, "pyvenv.cfg")))
        found = (os.path.join(root, name) for name in sorted(files) if name.endswith(".py"))
        yield from (str(Path(path)) for path in found if os.path.isfile(path))


def replace_file(path: Path, data: bytes) -> None:
    """Put new content in a file's place in one step; the old file stays whole until then. Links and modes stay."""
    target = path.resolve()
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
        Path(name).chmod(target.stat().st_mode & 0o7777)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink()
        raise


def decode(data: bytes) -> tuple[str, str]:
    """The text of a file, a BOM included, and the encoding that turns it back into the same bytes."""
    encoding = _encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1)
        raise SourceError(
            SourceErrorKind.ENCODING,
            f"The byte 0x{data[error.start]:02x} is not {encoding}. Save the file as UTF-8, "
            "or name its encoding in the first line: # -*- coding: latin-1 -*-",
            Span(line, column, line, column + 1),
        ) from None
    return text, encoding


def encode(text: str, encoding: str) -> bytes:
    """The bytes of a text that `decode` gave."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        raise SourceError(
            SourceErrorKind.ENCODING, f"The translation has a character that {encoding} lacks. Save the file as UTF-8."
        ) from error


def _encoding(data: bytes) -> str:
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise SourceError(SourceErrorKind.ENCODING, "The file is UTF-16, which Python can't run. Save it as UTF-8.")
    for line in re.split(rb"\r\n|\r|\n", data[:4096])[:2]:
        if match := _COOKIE.match(line):
            return _known(match[1].decode("ascii", "replace"))
        if not _BLANK.match(line):
            break
    return "utf-8"


def _known(name: str) -> str:
    try:
        info = codecs.lookup(name)
        "x".encode(info.name)
    except (LookupError, TypeError, ValueError):
        raise SourceError(
            SourceErrorKind.ENCODING, f"The file names the unknown encoding {name[:40]!r}. Save it as UTF-8.", None
        ) from None
    return info.name
