"""Lists and terms to a plan of an exchange that keeps to the terms, with a proof."""
