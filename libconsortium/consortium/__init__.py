"""One opened consortium, and the work an office does with it: years, reviews, searches, books."""
