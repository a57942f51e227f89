"""Floor 2, the stages: the arrows in order, once."""
