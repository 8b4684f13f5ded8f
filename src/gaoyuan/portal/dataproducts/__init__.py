"""Data products: registered, changed, transferred, renewed, cancelled, and shown to everybody."""
