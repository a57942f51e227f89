"""Floor 1, the arrows: how one noun follows from another; no engine knows another."""
