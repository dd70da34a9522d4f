"""What is bought together, what vendors offer and what it costs when it has arrived."""
