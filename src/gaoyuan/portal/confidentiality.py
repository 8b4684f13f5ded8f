"""From how many enterprises on a figure is shown to the public: see `snapshots.suppression`, which hides the others."""

LEAST_FIRMS = 3
