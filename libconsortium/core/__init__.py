"""The pure part: what a federation is and how things are counted, without reading or writing."""
