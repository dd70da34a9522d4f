"""The plugins that come in the box; each registers by entry point like anybody's."""
