"""The process, its parties, their members and mandates; releases; who read what; answers already given."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from goodoffices.desk.access import Role
from goodoffices.desk.ids import new_id
from goodoffices.domain.sides import PartyKind

_ROLES = [role.value for role in Role if role is not Role.PUBLIC]
_KINDS = [kind.value for kind in PartyKind]


class Process(models.Model):
    """The one set of talks of this workspace, as its file states it."""

    id = models.CharField(primary_key=True, max_length=80)
    title = models.CharField(max_length=300)
    desk = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    zone = models.CharField(max_length=60, default="UTC")
    document = models.JSONField()
    retention_days = models.PositiveIntegerField(default=30)
    two_reviewers = models.BooleanField(default=False)
    created_at = models.DateTimeField()


class Party(models.Model):
    """A side, the host, the neutral, an observer."""

    code = models.CharField(primary_key=True, max_length=20)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    zone = models.CharField(max_length=60, default="UTC")
    language = models.CharField(max_length=2, default="en")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=_KINDS), name="party_kind_known"),
        ]


class Members(BaseUserManager["User"]):
    """Makes accounts; only services call it."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """Make one account; without a password it can only be entered by a passkey."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A member: one account, one party, one role. Nothing here makes anyone staff or superuser."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    username = models.CharField(max_length=60, unique=True)
    email = models.EmailField(blank=True, default="")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="members")
    role = models.CharField(max_length=20)
    language = models.CharField(max_length=2, default="en")
    zone = models.CharField(max_length=60, default="UTC")
    keys_on = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[Members] = Members()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=_ROLES), name="user_role_known"),
        ]

    def get_full_name(self) -> str:
        """Give the name others see: the account's."""
        return self.username


class Mandate(models.Model):
    """Who may speak or act for a party, in which forum or for what, from when to when."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="mandates")
    scope = models.CharField(max_length=60, default="*")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    given_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=models.F("starts_at")),
                name="mandate_ends_after_start",
            ),
        ]


class Invitation(models.Model):
    """A way in that works once: for a new member, or (with `user`) back in for one who has lost every key.

    Only the hash of the link's token is kept. A way back in is asked for by a member of the party and confirmed by a
    second person; its token is made only then.
    """

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    token = models.CharField(max_length=64, null=True, unique=True)
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=_ROLES), name="invitation_role_known"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=models.F("made_by")),
                name="invitation_back_by_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=True) | Q(token__isnull=True) | Q(confirmed_at__isnull=False),
                name="invitation_back_has_a_token_only_when_confirmed",
            ),
        ]


class Release(models.Model):
    """The only way anything crosses from its owner to another party; by two mandates, revocable forward.

    `kind` and `object` name what is released (`list` and the version's key), `fields` which of its columns.
    """

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    audience = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    object = models.CharField(max_length=12)
    fields = models.JSONField(default=list)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "object"])]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("asked_by")),
                name="release_by_two_mandates",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="release_approved_at_only_when_approved",
            ),
            models.CheckConstraint(condition=~Q(owner=models.F("audience")), name="release_to_another"),
        ]


class Reading(models.Model):
    """One read of what belongs to an owner, shown to that owner."""

    id = models.BigAutoField(primary_key=True)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    reader = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    object = models.CharField(max_length=40)
    verb = models.CharField(max_length=12, default="read")
    records = models.PositiveIntegerField(default=1)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["owner", "-at"]), models.Index(fields=["reader", "owner", "at"])]


class Once(models.Model):
    """A form that was answered: its key, and where the answer led."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    path = models.CharField(max_length=300)
    address = models.CharField(max_length=300, default="")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "key"], name="once_key_of_a_user")]


class Count(models.Model):
    """A count of attempts, or a code already used: what every process of the desk must know, as JSON, for a while."""

    cache_key = models.CharField(primary_key=True, max_length=255)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        managed = False  # `createcachetable` makes it
        db_table = "shared_cache"
