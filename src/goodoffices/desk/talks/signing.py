"""Writes that fix the single text: freeze it without brackets, initial and sign the hash last frozen, publish it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from goodoffices.desk.access import Viewer, require
from goodoffices.desk.talks.drafting import text_lock, text_note
from goodoffices.desk.talks.models import Commitment, Signing, Text
from goodoffices.desk.talks.records import documents
from goodoffices.desk.talks.selectors import text_thing, version_of
from goodoffices.domain.errors import TransitionError
from goodoffices.engines.talks.consent import Act, Frozen, Signature, check_signature, freeze, unsigned
from goodoffices.engines.talks.states import Noun, step


@transaction.atomic
def text_freeze(*, text: Text, by: Viewer, at: dt.datetime) -> Text:
    """Freeze the text, as everybody sees it, for initialling and signing; no bracket may be left in any language."""
    require(by, "freeze", text_thing(text, by))
    text_lock(text)
    frozen = freeze(documents(version_of(text)), text.authentic)
    if text.state == "draft":
        text.state = step(Noun.PAPER, text.state, "circulate")
    text.state, text.frozen_hash = step(Noun.PAPER, text.state, "freeze"), frozen.hash
    text.save(update_fields=["state", "frozen_hash"])
    text_note(text, "text_frozen", {"hash": frozen.hash, "languages": list(frozen.languages)}, by, at)
    return text


@transaction.atomic
def text_thaw(*, text: Text, by: Viewer, at: dt.datetime) -> Text:
    """Take a frozen text back to the table; what was initialled on it holds for that hash alone."""
    require(by, "freeze", text_thing(text, by))
    text_lock(text)
    text.state = step(Noun.PAPER, text.state, "thaw")
    text.save(update_fields=["state"])
    text_note(text, "text_thawed", {"hash": text.frozen_hash}, by, at)
    return text


@transaction.atomic
def text_sign(*, text: Text, act: Act, hash: str, by: Viewer, at: dt.datetime) -> Signing:  # noqa: A002
    """Put a party's initials or signature to the text last frozen; when every side has, its state moves.

    Raises
    ------
    TransitionError
        If it is not frozen.
    VerificationError
        If the signer had another text in front of him.
    """
    require(by, "sign", text_thing(text, by))
    text_lock(text)
    if text.state not in {"frozen", "initialled"}:
        raise TransitionError(f"the text is {text.state}, expected frozen")
    frozen = Frozen(text.frozen_hash, tuple(text.authentic))
    check_signature(frozen, Signature(by.party, act, hash, at))
    row, _ = Signing.objects.get_or_create(
        text=text, party_id=by.party, act=act, hash=hash, defaults={"by_id": by.user, "at": at}
    )
    signed = [Signature(s.party_id, Act(s.act), s.hash, s.at) for s in text.signings.all()]
    named = sorted(documents(version_of(text))[text.authentic[0]].parties)
    kind = "text_initialled" if act is Act.INITIAL else "text_signed"
    text_note(text, kind, {"hash": hash, "party": by.party}, by, at, roles=named)
    if not unsigned(frozen, signed, named, act=act):
        text.state = step(Noun.PAPER, text.state, "initial" if act is Act.INITIAL else "sign")
        text.save(update_fields=["state"])
    return row


def text_publish(*, text: Text, by: Viewer, at: dt.datetime) -> Text:
    """Make a signed text public, with the commitments that rest on it and the readings the sides have given of them.

    Raises
    ------
    TransitionError
        If it is not signed.
    """
    require(by, "publish", text_thing(text, by))
    if text.state not in {"signed", "in_force"}:
        raise TransitionError(f"the text is {text.state}, expected signed")
    if not text.published:
        text.published = True
        text.save(update_fields=["published"])
        Commitment.objects.filter(text=text).update(published=True)
        text_note(text, "text_published", {"hash": text.frozen_hash}, by, at)
    return text
