"""Assessment: facts with evidence, the verdict they give, sign-off and report."""
