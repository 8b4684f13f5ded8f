"""The chain of a product: its levels, what is missing and what is weak."""
