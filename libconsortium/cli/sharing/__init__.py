"""Commands that share a cost: policies, splits, suppositions, games, reports."""
