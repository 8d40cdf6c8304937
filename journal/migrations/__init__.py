"""The history of the tables; every revision runs on SQLite and on PostgreSQL.

A revision is written by hand after the example of the last one (`render_as_batch` lets SQLite alter tables);
`tests/journal/test_migrations.py` shows what it still lacks beside `journal.tables`.
"""
