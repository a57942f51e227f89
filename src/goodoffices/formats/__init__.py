"""Floor 1, files as bytes: what people send, and what they take away."""
