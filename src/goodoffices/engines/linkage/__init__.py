"""Linkage: who on your list is who on theirs, across Ukrainian, Russian and Latin script."""

from goodoffices.engines.linkage.blind import BlindPair, blind
from goodoffices.engines.linkage.encode import LEAST_SECRET, MARKS, Codes, encode
from goodoffices.engines.linkage.fields import FIELDS, TIES
from goodoffices.engines.linkage.link import Judgement, Linkage, Note, Options, Pairs, link
from goodoffices.engines.linkage.resolve import Cluster, Verdict, clusters
from goodoffices.engines.linkage.script import is_cyrillic, language, romanise
from goodoffices.engines.linkage.work import Spread, Task, one_by_one

__all__ = [
    "FIELDS",
    "LEAST_SECRET",
    "MARKS",
    "TIES",
    "BlindPair",
    "Cluster",
    "Codes",
    "Judgement",
    "Linkage",
    "Note",
    "Options",
    "Pairs",
    "Spread",
    "Task",
    "Verdict",
    "blind",
    "clusters",
    "encode",
    "is_cyrillic",
    "language",
    "link",
    "one_by_one",
    "romanise",
]
