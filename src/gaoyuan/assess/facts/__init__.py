"""Facts: what can be measured, reading and checking it, what a workspace knows of a subject."""
