"""Forums, sittings, papers; the single text and its versions; what is decided together; commitments and packages."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from goodoffices.desk.ids import new_id
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.parties.models import Party, User
from goodoffices.desk.sealed import SealedField
from goodoffices.domain.process import Stance
from goodoffices.engines.talks.accord import Outcome
from goodoffices.engines.talks.consent import Act
from goodoffices.engines.talks.forum import Courier, ForumKind, Question
from goodoffices.engines.talks.states import TABLES, Noun


def _known(field: str, values: object, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__in": sorted(str(value) for value in values)}), name=name)  # type: ignore[attr-defined]


FORUM_KINDS = tuple(kind.value for kind in ForumKind)
"""Kinds a forum can have, in their order."""


class Forum(models.Model):
    """A round, a working group, a caucus, a shuttle, a leaders' meeting."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    code = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    subject = models.CharField(max_length=20, default="", blank=True)
    members = models.JSONField(default=list)
    online = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default="proposed")
    terms = SealedField(null=True)
    chatham_house = models.BooleanField(default=False)
    published = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            _known("kind", ForumKind, "forum_kind_known"),
            _known("state", TABLES[Noun.FORUM], "forum_state_in_its_table"),
        ]

    def sealed_owner(self) -> str:
        """Give whose key seals the terms accepted last: the desk's."""
        return "desk"


class Sitting(models.Model):
    """One sitting of a forum: agenda, attendance, minutes, the address of the sides' own video."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="sittings")
    number = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=120, blank=True, default="")
    zone = models.CharField(max_length=60)
    agenda = models.JSONField(default=list)
    agenda_sent_at = models.DateTimeField(null=True)
    attendance = models.JSONField(default=dict)
    minutes = SealedField(null=True)
    chatham_house = models.BooleanField(default=False)
    video = SealedField(null=True)
    video_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, default="planned")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["forum", "number"], name="sitting_number_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="sitting_ends_after_it_starts"),
            _known("state", TABLES[Noun.SITTING], "sitting_state_in_its_table"),
            models.CheckConstraint(
                condition=Q(video__isnull=True) | Q(state__in=["planned", "open", "adjourned"]),
                name="sitting_has_no_video_once_over",
            ),
        ]

    def sealed_owner(self) -> str:
        """Give whose key seals the minutes and the video's address: the desk's."""
        return "desk"


class Paper(models.Model):
    """A proposal, a non-paper, a caucus paper: its author and the parties that may read it."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=12)
    title = SealedField()
    body = SealedField()
    author = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    audience = models.JSONField(default=list)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [_known("kind", ("proposal", "non_paper", "caucus"), "paper_kind_known")]

    def sealed_owner(self) -> str:
        """Give whose key seals it."""
        return self.author_id


class Message(models.Model):
    """What a party gives the courier, and what the courier may tell."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="messages")
    sender = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    text = SealedField()
    gist = SealedField()
    convey = models.CharField(max_length=10)
    at = models.DateTimeField()
    conveyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            _known("convey", Courier, "message_convey_known"),
            models.CheckConstraint(
                condition=~Q(convey="nothing") | Q(conveyed_at__isnull=True), name="message_nothing_is_never_conveyed"
            ),
        ]

    def sealed_owner(self) -> str:
        """Give whose key seals it."""
        return self.sender_id


class Accord(models.Model):
    """A question that is decided only together: it holds once every party asked has accepted; what it asks stays."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="accords")
    kind = models.CharField(max_length=10)
    about = models.CharField(max_length=60, blank=True, default="")
    parties = models.JSONField()
    asks = SealedField()
    hash = models.CharField(max_length=64)
    state = models.CharField(max_length=10, default="waits")
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            _known("kind", ("terms", "package", "harvest", "chatham", "validity"), "accord_kind_known"),
            _known("state", (*Outcome, "withdrawn"), "accord_state_known"),
            models.CheckConstraint(
                condition=Q(state="waits", ended_at__isnull=True) | (~Q(state="waits") & Q(ended_at__isnull=False)),
                name="accord_ended_only_when_it_waits_no_more",
            ),
            models.UniqueConstraint(
                fields=["forum", "kind", "about"], condition=Q(state="waits"), name="accord_asked_once_at_a_time"
            ),
        ]

    def sealed_owner(self) -> str:
        """Give whose key seals what is asked: the desk's."""
        return "desk"


class AccordAnswer(models.Model):
    """A party's answer to a question that is decided together; a later one supersedes it, none is edited."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    accord = models.ForeignKey(Accord, on_delete=models.PROTECT, related_name="answers")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    accepts = SealedField()
    reason = SealedField(null=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def sealed_owner(self) -> str:
        """Give whose key seals the answer."""
        return self.party_id


class Text(models.Model):
    """The single text of a forum."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    forum = models.OneToOneField(Forum, on_delete=models.PROTECT, related_name="text")
    title = models.CharField(max_length=200)
    authentic = models.JSONField(default=list)
    state = models.CharField(max_length=12, default="draft")
    frozen_hash = models.CharField(max_length=64, blank=True, default="")
    published = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            _known("state", TABLES[Noun.PAPER], "text_state_in_its_table"),
            models.CheckConstraint(
                condition=~Q(state__in=["frozen", "initialled", "signed", "in_force"]) | ~Q(frozen_hash=""),
                name="text_has_a_hash_once_frozen",
            ),
        ]


class Version(models.Model):
    """One version of the text as everybody sees it, every language in the notation; never edited."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    text = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    source = SealedField()
    act = models.CharField(max_length=12)
    clause = models.CharField(max_length=20, blank=True, default="")
    party = models.CharField(max_length=20)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["text", "number"], name="version_number_once")]

    def sealed_owner(self) -> str:
        """Give whose key seals it: the desk's."""
        return "desk"


class Draft(models.Model):
    """A wording that its holder has not tabled, with the clause as it read then; it is no part of any version."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    text = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="drafts")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    holder = models.CharField(max_length=20)
    clause = models.CharField(max_length=20)
    place = models.PositiveSmallIntegerField()
    base = SealedField()
    wording = SealedField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def sealed_owner(self) -> str:
        """Give whose key seals it: its party's."""
        return self.party_id


class Position(models.Model):
    """A party's word on a clause or a version; a later one supersedes it, none is edited."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    text = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="positions")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=64)
    stance = models.CharField(max_length=20)
    reason = SealedField(null=True)
    cure = SealedField(null=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [_known("stance", Stance, "position_stance_known")]

    def sealed_owner(self) -> str:
        """Give whose key seals reason and cure."""
        return self.party_id


class Quiet(models.Model):
    """A silence procedure on a text or on minutes, by its hash."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="silences")
    sitting = models.ForeignKey(Sitting, null=True, on_delete=models.PROTECT, related_name="silences")
    hash = models.CharField(max_length=64)
    parties = models.JSONField()
    hours = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    receipt_by = models.DateTimeField()
    receipts = models.JSONField(default=dict)
    extended_by = models.CharField(max_length=20, blank=True, default="")
    extension_hours = models.PositiveSmallIntegerField(default=0)
    broken = SealedField(null=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(hours__gt=0), name="silence_lasts")]

    def sealed_owner(self) -> str:
        """Give whose key seals an objection: the desk's."""
        return "desk"


class Signing(models.Model):
    """A party's initials or signature on the text last frozen."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    text = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="signings")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=8)
    hash = models.CharField(max_length=64)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["text", "party", "act", "hash"], name="signing_once"),
            _known("act", Act, "signing_act_known"),
        ]


class Commitment(models.Model):
    """Who owes whom what, from a clause or from the public record; its readings stand beside it, one per side.

    `version` is the one of the text it rests on; `entry` asks every side's signature, and it alone brings it in force.
    """

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    code = models.SlugField(max_length=20, unique=True)
    title = models.CharField(max_length=300)
    text = models.ForeignKey(Text, null=True, on_delete=models.PROTECT, related_name="commitments")
    clause = models.CharField(max_length=20, blank=True, default="")
    version = models.ForeignKey(Version, null=True, on_delete=models.PROTECT, related_name="+")
    text_hash = models.CharField(max_length=64, blank=True, default="")
    due = models.DateField(null=True)
    state = models.CharField(max_length=20, default="tabled")
    published = models.BooleanField(default=False)
    entry = models.ForeignKey(Statement, null=True, on_delete=models.PROTECT, related_name="+")
    in_force_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            _known("state", TABLES[Noun.COMMITMENT], "commitment_state_in_its_table"),
            models.CheckConstraint(
                condition=~Q(state__in=["in_force", "suspended"]) | Q(entry__isnull=False, in_force_at__isnull=False),
                name="commitment_in_force_only_by_an_entry",
            ),
        ]


class Package(models.Model):
    """Clauses and commitments of which none binds without the others, but for what is released ahead."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    code = models.SlugField(max_length=20, unique=True)
    title = models.CharField(max_length=200)
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="packages")
    early_harvest = models.JSONField(default=list)
    closed_at = models.DateTimeField(null=True)


class Tie(models.Model):
    """What a package ties, in one version; it holds once its accord is accepted, until a later one is."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="ties")
    number = models.PositiveSmallIntegerField()
    parts = models.JSONField()
    accord = models.OneToOneField(Accord, on_delete=models.PROTECT, related_name="tie")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["package", "number"], name="tie_number_once")]


class ReadingOf(models.Model):
    """A party's reading of a commitment, or its acceptance; a later one supersedes it, none is edited."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="readings")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True, default="")
    stance = models.CharField(max_length=20, blank=True, default="")
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Answer(models.Model):
    """What a party answered in private about a leaders' meeting: level, date, place, agenda."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="answers")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=8)
    value = SealedField()
    stance = models.CharField(max_length=20)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [_known("question", Question, "answer_question_known")]

    def sealed_owner(self) -> str:
        """Give whose key seals the answer."""
        return self.party_id
