"""The frame of every page: template, style sheet, tags, base of forms."""
