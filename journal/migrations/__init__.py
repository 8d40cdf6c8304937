"""The history of the tables; every revision runs on SQLite and on PostgreSQL."""
