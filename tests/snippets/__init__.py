"""Snippets that people wrote in the days of 1.x: where they stand, and what becomes of them. Their text is not kept here."""
