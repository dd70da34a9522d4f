"""Lists of titles that are paid for: read, matched, held against each other and against use."""
