"""Who uses the portal: people, organisations, roles, and what each may reach."""
