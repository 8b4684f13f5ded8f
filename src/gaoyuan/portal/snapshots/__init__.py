"""Snapshots: the newest results of a workspace, as the portal shows them."""
