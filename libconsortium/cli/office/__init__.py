"""Commands of the office's year: statements, adjustments, payments, account book."""
