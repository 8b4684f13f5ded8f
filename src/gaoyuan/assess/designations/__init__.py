"""A province's map of leading and featured industries, with its limits."""
