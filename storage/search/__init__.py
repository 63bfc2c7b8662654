"""Full-text search over what was said: SQLite FTS5 and PostgreSQL behind one interface."""
