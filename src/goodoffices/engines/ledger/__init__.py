"""Records to proofs: a transparency log whose parties are its witnesses. Standard library and `cryptography` only."""
