"""Credit: what a bank sees of an enterprise that shows its evidence, risk-compensation funds, mutual guarantees."""
