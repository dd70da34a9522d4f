"""What reports state in figures, and what does not fit together in them."""
