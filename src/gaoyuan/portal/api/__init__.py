"""The JSON interface: typed, described by OpenAPI."""
