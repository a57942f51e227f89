"""Everything a desk prints, as tagged PDF: one frame, numbers instead of names, four languages."""
