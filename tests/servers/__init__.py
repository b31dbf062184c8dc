"""Statements as they are shown for PostgreSQL and MariaDB, executed there."""
