"""Filters of the templates of credit."""
