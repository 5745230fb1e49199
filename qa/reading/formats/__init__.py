"""One file for each format that is read; `opening` chooses. Each gives a Source and knows nothing of works."""
