"""Explore: an industry in all regions, as map, table and chart at once."""
