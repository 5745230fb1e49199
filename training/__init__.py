"""How the embedding that ships in the repository was made, and how good it is; the product itself never imports this."""
