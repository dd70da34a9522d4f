"""Commands about harvests: what is asked, what came, what is missing, what was read."""
