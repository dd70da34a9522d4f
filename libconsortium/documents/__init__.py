"""Results as plain data and as words: splits, years, explanations, numbers written out."""
