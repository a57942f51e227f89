"""Floor 3: files, clocks and child processes live here, once, for both shells."""
