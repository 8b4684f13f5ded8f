"""Contests: pages of organiser, judge and contestant."""
