"""Commands about the union catalogue: built, decided upon, counted, searched."""
