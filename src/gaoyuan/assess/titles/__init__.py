"""The ladder of enterprise titles."""
