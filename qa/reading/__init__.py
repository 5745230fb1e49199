"""From a file's bytes to clean, placed, dated works. Knows nothing of indexes."""
