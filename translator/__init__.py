"""Requery's engine: SQLAlchemy 1.x code to 2.0 style, with proof that it does the same.

This module is the whole public face; everything below it may change.
"""

from __future__ import annotations

from translator.findings import (
    AppliedChange,
    Diagnostic,
    Need,
    Related,
    Safety,
    Severity,
    SourceError,
    SourceErrorKind,
    Span,
    Translation,
)
from translator.options import Dialect, Dynamic, Models, OptionError, Options, Python, Style, Target
from translator.pipeline import translate
from translator.report import SCHEMA_VERSION, report, tool_version
from translator.rules import every_rule as rules
from translator.rules.contract import Rule as RuleDoc
from translator.verify.trace import Verification
from translator.workbench import Busy, JobFailed, Workbench, verify

__version__ = tool_version()

__all__ = [
    "SCHEMA_VERSION",
    "AppliedChange",
    "Busy",
    "Diagnostic",
    "Dialect",
    "Dynamic",
    "JobFailed",
    "Models",
    "Need",
    "OptionError",
    "Options",
    "Python",
    "Related",
    "RuleDoc",
    "Safety",
    "Severity",
    "SourceError",
    "SourceErrorKind",
    "Span",
    "Style",
    "Target",
    "Translation",
    "Verification",
    "Workbench",
    "__version__",
    "report",
    "rules",
    "translate",
    "verify",
]
