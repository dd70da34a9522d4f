"""The pages of the reference that the code itself knows, one module a page."""
