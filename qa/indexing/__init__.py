"""What the library holds and how it is found: registry, lexical and vector index, embedding."""
