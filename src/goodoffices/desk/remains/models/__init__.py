"""Rows of the room: what lies where, who held it, what was typed, who is sought, what was found and decided."""

from goodoffices.desk.remains.models.board import Finding, Reopening, Vote
from goodoffices.desk.remains.models.chain import Case, Container, Custody, Item, Step, Transfer
from goodoffices.desk.remains.models.kin import Family, Reference
from goodoffices.desk.remains.models.samples import Import, Profile, Sample
from goodoffices.desk.remains.models.search import Candidate, Grouping, Search, SearchPart

__all__ = [
    "Candidate",
    "Case",
    "Container",
    "Custody",
    "Family",
    "Finding",
    "Grouping",
    "Import",
    "Item",
    "Profile",
    "Reference",
    "Reopening",
    "Sample",
    "Search",
    "SearchPart",
    "Step",
    "Transfer",
    "Vote",
]
