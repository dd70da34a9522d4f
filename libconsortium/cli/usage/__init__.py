"""Commands about usage and lists of titles."""
