"""Sources to harvest, and what the pages of a list prove."""
