"""Acts on members that belong into the record: the rooms above listen, this one lies below the record."""

from django.dispatch import Signal

# Sent inside the writing transaction with kind, content (identifiers only, no name), owner, by, at, subject.
act = Signal()
