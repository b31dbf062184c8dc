"""Whether a name that is another one in 2.x goes on under its old one, as in `import Row as RowProxy`. No rule itself."""

from __future__ import annotations

from translator.model import departed
from translator.rules.contract import Context


def goes_on(name: str, full: str, here: Context) -> bool:
    """Whether the import of a name gives what it is now the name that it had, so that its uses stay.

    So it is where the new name means something else, where other modules import the old one from here, and where that is
    bound in several ways, or in a block, as in `try: from … except ImportError: RowProxy = None`.
    """
    module, new = departed.MOVED[full]
    if module == "builtins" or full.rpartition(".")[2] == new:
        return False
    imports = here.model.imports
    also = {departed.MOVED[other] for other in imports.aliases.values() if other in departed.MOVED}
    if any(other == new and whence != module for whence, other in also):
        return True  # both `flask_sqlalchemy.SignallingSession` and its `SessionBase` are a `Session`
    if here.is_taken(module, new) or name in here.model.handed_on or name in here.model.bound_names:
        return True
    nested = (node for node in imports.statements if id(node) not in imports.top_level)
    return any((name, full) in imports.bindings(node) for node in nested)


def stays(name: str, full: str, here: Context) -> bool:
    """Whether uses of a name stay: it goes on, or a module of the application gives it, which is for that to change."""
    found = here.model.imports.fulls(name)
    return goes_on(name, full, here) or (bool(found) and full not in found)
