"""Pooled orders: campaigns whose limits stay sealed, cleared by the program, settled by what was delivered."""
