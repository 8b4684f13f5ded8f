"""Template tags of assessments."""
