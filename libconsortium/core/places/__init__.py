"""Provinces that records speak of: the table of their names, and how they are found in texts."""
