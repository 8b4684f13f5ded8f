"""The logic of verdicts: five states, and intervals that hold what is not known."""
