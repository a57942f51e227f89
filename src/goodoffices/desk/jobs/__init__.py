"""Long work in the background: progress, cancel, resume after a crash."""
