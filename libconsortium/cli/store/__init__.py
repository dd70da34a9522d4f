"""Commands about the store: facts in and out, kept safe, packed."""
