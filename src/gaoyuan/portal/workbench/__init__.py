"""The pages: explore, cluster, region, industry, enterprise, compare, chain."""
