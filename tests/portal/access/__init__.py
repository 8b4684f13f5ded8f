"""Who may do what: every route of the portal, by every method, for every role."""
