"""The jail: preloaded processes that fork one limited child a job.

Nothing in here may import the rest of `translator`: `boot.py` loads this package by its path, without `translator`,
in a runtime that has only the standard library and one SQLAlchemy. Imports between its modules are relative for that.
"""
