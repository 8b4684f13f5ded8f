"""Starting the portal: its database, its server, its background work."""
