"""From plain figures or settings to a split: policies read, bills divided, reports written."""
