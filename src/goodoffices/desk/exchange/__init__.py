"""Terms, options, plans, legs, repair."""
