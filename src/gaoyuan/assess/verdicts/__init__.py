"""Verdicts: evaluating criteria on facts, and saying why."""
