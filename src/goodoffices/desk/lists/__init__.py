"""Lists as sides send them: versions, faults, seals, releases, answers."""
