"""Long work of keeping: erasure."""
