"""The catalogue of legacy constructs, executed: every entry is translated, run on 1.4 and on 2.x, and judged."""
