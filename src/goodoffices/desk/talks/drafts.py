"""Writes of what a side, or the chair, keeps back: kept, tabled, withdrawn; nobody else learns that there is any."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction

from goodoffices.desk.access import Viewer, require
from goodoffices.desk.talks.drafting import keep, replacing, text_lock, version_make, wording_checked
from goodoffices.desk.talks.models import Draft, Text, Version
from goodoffices.desk.talks.records import documents, holder_of, views
from goodoffices.desk.talks.revisions import OwnDraft, is_open
from goodoffices.desk.talks.selectors import text_thing, version_of
from goodoffices.domain.errors import TransitionError
from goodoffices.domain.text import CHAIR, forks_of
from goodoffices.engines.talks.kept import Kept, put


def draft_keep(
    *, text: Text, clause: str, place: int, wording: Mapping[str, str], by: Viewer, at: dt.datetime
) -> Draft:
    """Keep a wording back, in every authentic language: nothing of the text changes, and nothing is recorded.

    Raises
    ------
    InputError
        If an authentic language is missing.
    TransitionError
        If the text is frozen, or there is no such place.
    """
    require(by, "write", text_thing(text, by))
    if not is_open(text):
        raise TransitionError(f"the text is {text.state}: found an edit, expected a draft (thaw it first)")
    words = wording_checked(text, clause, wording)
    base = {
        language: next((item.wording for item in document.clauses if item.id == clause), ())
        for language, document in views(version_of(text)).items()
    }
    if any(not 0 <= place <= sum(1 for _ in forks_of(each)) for each in base.values()):
        raise TransitionError(f"{clause}: found place {place}, expected one with brackets")
    said = {language: (each,) if each else () for language, each in words.items()}
    return keep(text, [Kept(holder_of(by) or CHAIR, clause, place, base, said)], by, at)[0]


@transaction.atomic
def drafts_table(*, text: Text, drafts: Sequence[OwnDraft], by: Viewer, at: dt.datetime) -> Version:
    """Table what one has kept back, all at one instant, where it belongs now.

    For everybody else it is as if it were proposed today.

    Raises
    ------
    TransitionError
        If nothing is kept back, or the text is frozen.
    """
    require(by, "write", text_thing(text, by))
    text_lock(text)
    if not drafts:
        raise TransitionError("nothing is kept back")
    clauses = {draft.kept.clause for draft in drafts}
    after = put(documents(version_of(text)), [draft.kept for draft in drafts], tabled=True)
    version = version_make(
        text,
        {language: replacing(document) for language, document in after.items()},
        act="propose" if len(drafts) == 1 else "table",
        clause=clauses.pop() if len(clauses) == 1 else "",
        by=by,
        at=at,
    )
    Draft.objects.filter(id__in=[draft.row.id for draft in drafts]).delete()
    return version


def draft_withdraw(*, text: Text, key: str, by: Viewer) -> None:
    """Withdraw what one has kept back; it is erased.

    Raises
    ------
    TransitionError
        If one keeps back no such wording; another's is none.
    """
    require(by, "write", text_thing(text, by))
    row = text.drafts.filter(id=key, holder=holder_of(by)).first()
    if row is None:
        raise TransitionError("found no such wording, expected one that you keep back")
    row.delete()
