"""Themes: clusters that no industry code names, found by words."""
