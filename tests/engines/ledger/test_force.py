"""What is in force, and what never is: cases that people argue about."""

from dataclasses import replace

import pytest

from goodoffices.domain.errors import VerificationError
from goodoffices.engines.ledger.charter import ANY_KIND, Charter
from goodoffices.engines.ledger.entry import consent_entry, consent_text, erasure_entry, statement_entry
from goodoffices.engines.ledger.force import Reading
from goodoffices.engines.ledger.note import Note, SigningKey, sign_note
from goodoffices.engines.ledger.policy import policy_body, with_checksum, write_policy

ORIGIN = "log.example"
ROLES = ("A", "B", "neutral")


def key(name, kind=1, mark=0):
    return SigningKey.from_seed(name, kind, seed=bytes([mark]) + name.encode().ljust(31, b"."))


LOG = key(ORIGIN)
KEYS = {role: key(f"{role}.example/statement") for role in ROLES}
WITNESSES = {role: key(f"{role}.example/witness", 4) for role in ROLES}
POLICY = write_policy(LOG.vkey, {role: found.vkey for role, found in WITNESSES.items()})
CHARTER = Charter(
    POLICY,
    {role: found.vkey for role, found in KEYS.items()},
    {ANY_KIND: ROLES, "list_sealed": ("neutral",), "objection": ()},
    ROLES,
    {"A": ("B", "neutral")},
    {role: role for role in ROLES},
)
C = "ab" * 32


def statement(name="s", kind="terms_agreed", roles=(), commitment=C, **more):
    return statement_entry(kind, name, commitment=commitment, roles=list(roles), **more)


def consent(role, name="s", *, charter=CHARTER, commitment=C, signer=None, origin=ORIGIN, claimed=None):
    text = consent_text(origin, name, commitment=commitment, policy_hash=charter.hash)
    note = Note(text, (sign_note(text, signer or KEYS[role]),))
    return consent_entry(name, claimed or role, note=bytes(note).decode())


def read(*entries, charter=CHARTER):
    return Reading(ORIGIN).take([charter.entry("charter"), *entries])


def state(*entries, name="s", met=True):
    return next(found for found in read(*entries).standings(quorum_met=met) if found.statement == name)


ALL = [consent(role) for role in ROLES]


def test_all_consents_under_a_quorum_bring_it_in_force_in_any_order():
    assert state(statement(), *ALL).in_force
    assert state(statement(), *reversed(ALL)).in_force


def test_the_first_charter_holds_from_its_entry():
    assert state(name="charter").in_force


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        ([statement(), *ALL[:2]], "a role is missing"),
        ([*ALL, statement()], "consents came before the statement"),
        ([statement(), ALL[0], ALL[0], ALL[0]], "one role thrice is one role"),
        ([statement(), *ALL[:2], consent("neutral", commitment="cd" * 32)], "another content"),
        ([statement(), *ALL[:2], consent("neutral", "t")], "another statement"),
        ([statement(), *ALL[:2], consent("neutral", origin="other.example")], "another log"),
        ([statement(), *ALL[:2], consent("neutral", charter=replace(CHARTER, previous="x"))], "another charter"),
        ([statement(), *ALL[:2], consent("neutral", signer=KEYS["A"])], "A's key for the neutral"),
        ([statement(), *ALL[:2], consent("neutral", claimed="observer")], "a role the charter does not know"),
        ([statement(), *ALL[:2], consent_entry("s", "neutral", note="no note")], "no note at all"),
        ([statement(), statement(), *ALL], "two statements of one name"),
        ([statement(), *ALL, statement(kind="count")], "a second one later, of another kind"),
    ],
)
def test_it_never_fails_open(entries, why):
    assert not state(*entries).in_force, why


def test_without_the_quorum_nothing_is_in_force():
    found = state(statement(), *ALL, met=False)
    assert not found.in_force
    assert found.lacks == ("quorum",)


def test_without_a_charter_nothing_is_in_force():
    reading = Reading(ORIGIN).take([statement(), *ALL])
    (found,) = reading.standings(quorum_met=True)
    assert not found.in_force
    assert "charter" in found.lacks


def test_a_kind_the_charter_does_not_name_needs_what_it_says_of_every_other():
    assert not state(statement(kind="new-kind"), *ALL[:2]).in_force
    assert state(statement(kind="new-kind"), *ALL).in_force
    bare = replace(CHARTER, consent={"count": ROLES})
    reading = Reading(ORIGIN).take(
        [bare.entry("charter"), statement(), *(consent(role, charter=bare) for role in ROLES)]
    )
    assert reading.standings(quorum_met=True)[1].lacks == ("rule",)


def test_an_entry_may_ask_for_more_than_the_charter_and_never_for_less():
    assert state(statement(kind="list_sealed"), ALL[2]).in_force
    assert not state(statement(kind="list_sealed", roles=["A"]), ALL[2]).in_force
    assert state(statement(kind="list_sealed", roles=["A"]), ALL[0], ALL[2]).in_force
    assert not state(statement(roles=["A"]), ALL[0]).in_force
    assert not state(statement(kind="objection")).in_force  # nobody at all stands behind it
    assert state(statement(kind="objection", roles=["A"]), ALL[0]).in_force
    assert not state(statement(roles=["giver"]), *ALL).in_force  # a role without a key


def test_what_follows_and_what_was_erased_is_told():
    found = state(statement(), *ALL, erasure_entry(1, "Art. 17"), statement("t", kind="objection", previous=1))
    assert found.erased
    assert found.in_force
    assert found.followed_by == (5, 6)


def test_no_entry_can_name_one_that_comes_after_it():
    assert "not before it" in read(statement(previous=9)).findings[0].why


# ---------------------------------------------------------------- keys and policies change

NEW_A = key("A.example/statement", mark=7)
NEW_WITNESS = key("A.example/witness", 4, mark=7)


def changed(**more):
    return replace(CHARTER, previous=CHARTER.hash, **more)


def approve(charter, roles, name="charter-1"):
    return [charter.entry(name), *(consent(role, name, commitment=charter.hash) for role in roles)]


def new_policy():
    body = policy_body(POLICY).replace(f"witness A {WITNESSES['A'].vkey}", f"witness A {NEW_WITNESS.vkey}")
    return with_checksum(body)


WITH_NEW_A = changed(keys={**CHARTER.keys} | {"A": NEW_A.vkey}, policy=new_policy())


def test_a_change_takes_effect_at_the_consent_that_completes_it():
    reading = read(*approve(changed(consent={ANY_KIND: ("A", "B")}), ROLES), statement())
    assert [index for index, _ in reading.charters] == [0, 4]
    assert read(*approve(WITH_NEW_A, ("A", "B"))).charter == CHARTER


def test_the_written_way_out_replaces_the_keys_of_one_role_without_it():
    reading = read(*approve(WITH_NEW_A, ("B", "neutral")))
    assert reading.charter == WITH_NEW_A


@pytest.mark.parametrize(
    "charter",
    [
        changed(keys={**CHARTER.keys} | {"A": NEW_A.vkey}, change=("B",)),
        changed(keys={**CHARTER.keys} | {"A": NEW_A.vkey}, consent={ANY_KIND: ("B", "neutral")}),
        changed(keys={**CHARTER.keys} | {"B": NEW_A.vkey}),
        changed(policy=write_policy(LOG.vkey, {role: found.vkey for role, found in WITNESSES.items()}, needed=2)),
        changed(policy=write_policy(key("other").vkey, {role: found.vkey for role, found in WITNESSES.items()})),
        changed(way_out={"A": ("B",)}),
    ],
)
def test_the_way_out_changes_nothing_else(charter):
    assert read(*approve(charter, ("B", "neutral"))).charter == CHARTER
    assert read(*approve(charter, ROLES)).charter == charter


def test_a_charter_that_does_not_follow_the_one_in_effect_is_never_in_effect():
    loose = replace(WITH_NEW_A, previous="")
    assert read(*approve(loose, ROLES)).charter == CHARTER


def test_after_a_key_was_replaced_the_old_one_signs_nothing_and_what_it_signed_before_stays():
    change = approve(WITH_NEW_A, ("B", "neutral"))
    reading = read(statement(), *ALL, *change, statement("t"), *(consent(role, "t") for role in ROLES))
    found = {one.statement: one for one in reading.standings(quorum_met=True)}
    assert found["s"].in_force
    assert not found["t"].in_force
    signers = KEYS | {"A": NEW_A}
    good = [consent(role, "t", charter=WITH_NEW_A, signer=signers[role]) for role in ROLES]
    reading = read(statement(), *ALL, *change, statement("t"), *good)
    assert {one.statement: one.in_force for one in reading.standings(quorum_met=True)} == {
        "charter": True, "s": True, "charter-1": True, "t": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"keys": {"A": WITNESSES["A"].vkey}},
        {"keys": {"A": key("x").vkey, "B": key("x").vkey}},
        {"keys": {"A": SigningKey.from_seed("x", 1, seed=LOG.seed).vkey}},
        {"change": ()},
        {"change": ("nobody",)},
        {"way_out": {"A": ("A", "B")}},
        {"way_out": {"A": ()}},
        {"witnesses": {"A": "nobody"}},
        {"policy": "quorum none\n"},
    ],
)
def test_a_charter_whose_parts_do_not_fit_is_refused(change):
    more = {"consent": {}, "change": ("A",), "way_out": {}, "witnesses": {}} if "keys" in change else {}
    with pytest.raises(VerificationError):
        replace(CHARTER, **(more | change))
