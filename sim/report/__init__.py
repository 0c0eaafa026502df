"""Findings to pages: the report, its charts and its wording."""
