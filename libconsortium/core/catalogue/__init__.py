"""Catalogue records: read, repaired, compared, joined into a union catalogue."""
