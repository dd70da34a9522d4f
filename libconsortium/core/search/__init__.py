"""Searching the union catalogue: what is asked, what is indexed, what is found."""
