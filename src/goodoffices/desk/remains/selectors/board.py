"""Reads of searches, candidates, the board and families."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from goodoffices.desk.access import Thing, Viewer, may, require
from goodoffices.desk.remains.models import Candidate, Case, Family, Finding, Grouping, Reference, Search, Vote
from goodoffices.desk.remains.selectors.standing import conclusions, standing_votes, thing
from goodoffices.domain.errors import NotYoursError

OPEN = ("profiled", "reassociated")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on which members have voted since it was last decided."""

    question: str
    votes: list[Vote]

    @property
    def splits(self) -> bool:
        """Whether members say different things."""
        return len({one.verdict for one in self.votes}) > 1


@dataclass(frozen=True, slots=True)
class Told:
    """A finding and how it stands: stands, retracted, reopened; empty for one that is no identification."""

    finding: Finding
    standing: str


def _latest() -> Search | None:
    return Search.objects.filter(kind="kinship", done_at__isnull=False).order_by("-asked_at").first()


def searches(viewer: Viewer) -> list[Search]:
    """Give the searches, the latest first."""
    require(viewer, "search", thing(""))
    return list(Search.objects.select_related("asked_by").order_by("-asked_at")[:50])


def search_of(viewer: Viewer, key: str) -> Search:
    """Give one search.

    Raises
    ------
    NotYoursError
        If it is not there for this viewer.
    """
    require(viewer, "search", thing(""))
    found = Search.objects.filter(id=key).first()
    if found is None:
        raise NotYoursError("no such search")
    return found


def candidates(viewer: Viewer) -> QuerySet[Candidate]:
    """Give the candidates of the latest search of cases that are still open, the strongest first."""
    require(viewer, "search", thing(""))
    found = Candidate.objects.filter(search=_latest(), case__state__in=OPEN, case__joined_to__isnull=True)
    return found.select_related("case", "family", "search").order_by("-joint_posterior", "-log10_lr", "id")


def waiting(viewer: Viewer) -> QuerySet[Candidate]:
    """Give those that meet the rule and wait for the board."""
    return candidates(viewer).filter(lacking="")


def to_sample(viewer: Viewer) -> QuerySet[Candidate]:
    """Give those whose probability is high and who lack a relative or a method: families to sample."""
    return candidates(viewer).filter(lacking__contains="close_relative", joint_posterior__gte=0.95)


def candidate_of(viewer: Viewer, key: str) -> Candidate:
    """Give one candidate.

    Raises
    ------
    NotYoursError
        If it is not there for this viewer.
    """
    require(viewer, "search", thing(""))
    found = Candidate.objects.select_related("case__container__transfer", "family", "search").filter(id=key).first()
    if found is None:
        raise NotYoursError("no such candidate")
    require(viewer, "read", Thing("medical", found.family.owner, frozenset({"pseudonym"})))
    return found


def of_case(viewer: Viewer, case: Case) -> QuerySet[Candidate]:
    """Give a case's candidates of the latest search."""
    require(viewer, "search", thing(""))
    found = Candidate.objects.filter(search=_latest(), case=case.joined_to_id or case.id)
    return found.select_related("family", "search").order_by("-joint_posterior", "-log10_lr", "id")


def findings(case: Case) -> list[Told]:
    """Give a case's findings, the latest first, and how each identification stands."""
    stand = conclusions()
    rows = case.findings.select_related("candidate__family", "first", "second", "other").order_by("-number")
    return [Told(one, str(stand[one.id]) if one.kind == "identified" else "") for one in rows]


def asked(case: Case) -> list[Asked]:
    """Give the questions of a case on which somebody has voted and which are not decided."""
    names = dict.fromkeys(Vote.objects.filter(case=case).order_by("at").values_list("question", flat=True))
    found = [Asked(name, standing_votes(case, name)) for name in names]
    return [one for one in found if one.votes]


def disagreements(viewer: Viewer) -> list[Vote]:
    """Give the latest vote of every question on which the board's members disagree."""
    require(viewer, "search", thing(""))
    several = (
        Vote.objects.values("case", "question").annotate(n=Count("verdict", distinct=True)).filter(n__gt=1).order_by()
    )
    found = []
    for row in several:
        votes = standing_votes(Case.objects.get(id=row["case"]), row["question"])
        if Asked(row["question"], votes).splits:
            found.append(votes[-1])
    return found


def groups_of(viewer: Viewer, search: Search) -> list[list[Grouping]]:
    """Give the groups of a reassociation that say something: samples of several cases that are one person."""
    require(viewer, "search", thing(""))
    by_group: dict[int, list[Grouping]] = {}
    for one in Grouping.objects.filter(search=search).select_related("sample__case").order_by("group", "sample__code"):
        by_group.setdefault(one.group, []).append(one)
    return [group for group in by_group.values() if len({one.sample.case_id for one in group}) > 1]


def commingled_of(viewer: Viewer, search: Search) -> list[tuple[Case, int]]:
    """Give cases whose samples fell into several groups: parts of several persons lie in them."""
    require(viewer, "search", thing(""))
    rows = Case.objects.filter(samples__groupings__search=search)
    counted = rows.annotate(n=Count("samples__groupings__group", distinct=True)).filter(n__gt=1)
    return [(case, case.n) for case in counted.order_by("number")]


def families(viewer: Viewer) -> QuerySet[Family]:
    """Give the families a viewer reads: a side its own, the forensic coordinator all by pseudonym."""
    facts = frozenset({"pseudonym"})
    found = Family.objects.annotate(
        typed=Count("references", filter=Q(references__profiles__latest=True), distinct=True)
    ).order_by("code")
    if may(viewer, "read", Thing("medical", "", facts)):
        return found
    require(viewer, "read", Thing("medical", viewer.party))
    return found.filter(owner=viewer.party)


def family_of(viewer: Viewer, key: str) -> Family:
    """Give one family.

    Raises
    ------
    NotYoursError
        If it is not there for this viewer.
    """
    family = Family.objects.filter(id=key).first()
    if family is None:
        raise NotYoursError("no such family")
    require(viewer, "read", Thing("medical", family.owner, frozenset({"pseudonym"})))
    return family


def is_own(viewer: Viewer, family: Family) -> bool:
    """Whether the names of a family are the viewer's."""
    return may(viewer, "write", Thing("medical", family.owner))


def reference_of(viewer: Viewer, key: str) -> Reference:
    """Give a relative's sample to its own side.

    Raises
    ------
    NotYoursError
        If it is not there for this viewer.
    """
    found = Reference.objects.select_related("family").filter(id=key).first()
    if found is None:
        raise NotYoursError("no such reference")
    require(viewer, "write", Thing("medical", found.owner))
    return found


def told_of_family(family: Family) -> list[Told]:
    """Give what the board has found of a family's missing."""
    stand = conclusions()
    rows = Finding.objects.filter(kind="identified", candidate__family=family).select_related("case", "candidate")
    return [Told(one, str(stand[one.id])) for one in rows.order_by("-number")]


def kin_known(viewer: Viewer) -> list[tuple[Family, dict[str, bool]]]:
    """Give the humanitarian desk yes or no for every family and category of relative, nothing else."""
    require(viewer, "category", Thing("medical"))
    found: dict[str, tuple[Family, dict[str, bool]]] = {}
    for family in Family.objects.only("id", "code", "owner").order_by("code"):
        found[family.id] = (family, {"parent": False, "child": False, "sibling": False, "lifetime": False})
    typed = Reference.objects.filter(withdrawn_at__isnull=True, profiles__latest=True).exclude(category="other")
    for family_id, category in typed.values_list("family", "category"):
        found[family_id][1][category] = True
    return list(found.values())


def open_votes(viewer: Viewer) -> list[Vote]:
    """Give the votes on candidates of the latest search."""
    return list(Vote.objects.filter(candidate__in=candidates(viewer)))
