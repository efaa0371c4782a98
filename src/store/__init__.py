"""Keeps the record: tables, migrations and every query. The only place that speaks SQL."""
