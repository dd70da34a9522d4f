"""What an office sends and receives: statements, instalments, payments, the account book."""
