"""How the embedding that ships in the repository was made, and how good it is. The product never imports this."""
