"""Statistics of many clusters, each figure with its coverage."""
