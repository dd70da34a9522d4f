"""The pure part: what a federation is and how things are counted; standard library and attrs only."""
