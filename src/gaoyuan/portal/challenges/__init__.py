"""Challenges (发榜揭榜): the need of a firm, its public part, sealed answers, their comparison, the contract."""
