"""Forums, the single text, consent, commitments."""
