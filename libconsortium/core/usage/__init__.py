"""Usage of electronic resources: rows of reports, checked, added up, whose they are."""
