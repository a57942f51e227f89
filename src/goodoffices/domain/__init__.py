"""Floor 0, the nouns: what is spoken of."""
