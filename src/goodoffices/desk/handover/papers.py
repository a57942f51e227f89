"""What a transfer prints: each paper from its rows, as the reader may see them; numbers and offices, never a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from goodoffices.desk.access import Role as Post
from goodoffices.desk.access import Thing, Viewer, may, require
from goodoffices.desk.daypapers import Asked, DayPaper, of_day
from goodoffices.desk.frame.templatetags.desk import city
from goodoffices.desk.frame.told import told
from goodoffices.desk.handover.legs import is_stale
from goodoffices.desk.handover.models import Transfer
from goodoffices.desk.handover.records import leg_of, list_hash, proposed, standing
from goodoffices.desk.handover.selectors import (
    TheDay,
    is_of_persons,
    live_attested,
    parties,
    role_of,
    seen,
    the_day,
    transfers,
)
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.parties.models import Party, User
from goodoffices.desk.parties.selectors import process
from goodoffices.domain.canonical import canonical_bytes, sha256_hex
from goodoffices.domain.commitment import Unit
from goodoffices.domain.errors import Fault, InputError, NotYoursError
from goodoffices.domain.handover import Item, Say, slip_codes
from goodoffices.domain.process import Condition, Role, Stance
from goodoffices.flow.handover.state import Seen
from goodoffices.formats.pack import Pack, Paper
from goodoffices.formats.print.act import Act, ActLine, Attestation, Counted, act_sheet
from goodoffices.formats.print.conditions import ConditionSheet, Confirmation, conditions_sheet
from goodoffices.formats.print.countform import CountForm, CountLine, count_form_sheet
from goodoffices.formats.print.frame import Frame, Mark, Place, Sheet
from goodoffices.formats.print.manifest import Manifest, ManifestLine, manifest_sheet
from goodoffices.formats.print.objection import Objection, objection_sheet
from goodoffices.formats.print.slips import Label, Labels, Slip, Slips, labels_sheet, slips_sheet
from goodoffices.formats.words import Language, Words

_ACTS = tuple(f"act-{role.value}" for role in Role)


def papers(viewer: Viewer, transfer: Transfer) -> list[str]:
    """Name the papers of a transfer that a viewer may print: a side gets its own, the neutral all."""
    role = role_of(viewer, transfer)
    if role is None or not may(viewer, "read", Thing("print")):
        return []
    if not transfer.items:
        return ["conditions", "objection"]
    acts = _ACTS if role is Role.NEUTRAL else (f"act-{role.value}",)
    cut = "slips" if is_of_persons(transfer) else "labels"
    mine = [cut] if role in {Role.GIVER, Role.NEUTRAL} else []
    if transfer.day is not None:
        counting = ["manifest", *mine, "count"]
    else:
        counting = mine if leg_of(transfer) is not None else []
    if is_stale(transfer):
        counting = []
    return [*(acts if transfer.day is not None else ()), "conditions", *counting, "objection"]


def sheet_of(viewer: Viewer, transfer: Transfer, name: str, *, languages: Sequence[Language], at: dt.datetime) -> Sheet:
    """Lay out one paper.

    Raises
    ------
    NotYoursError
        If it is not this viewer's.
    """
    require(viewer, "read", Thing("print"))
    if name not in papers(viewer, transfer):
        raise NotYoursError("no such paper")
    return _Press(viewer, transfer, languages, at).sheet(name)


def others_of(viewer: Viewer, date: dt.date, *, language: Language, at: dt.datetime) -> list[DayPaper]:
    """Give what other rooms have to print of a day: notices, forms, texts of its sittings."""
    return of_day(Asked(viewer, date, language, at))


def pack_of(
    viewer: Viewer, date: dt.date, *, language: Language, at: dt.datetime, with_files: bool = True
) -> Pack | None:
    """Give the papers of a day, of every transfer and every other room; None if there is none.

    Parameters
    ----------
    viewer, date, language
        Who prints, which day, in what words.
    at
        When.
    with_files
        Whether documents that are files of their own go in; a pack as one PDF takes none.

    Raises
    ------
    NotYoursError
        If the viewer prints nothing.
    """
    require(viewer, "read", Thing("print"))
    found = of_date(viewer, date)
    sheets: list[Sheet | Paper] = [
        sheet_of(viewer, transfer, name, languages=[language], at=at)
        for transfer in found
        for name in papers(viewer, transfer)
    ]
    others = others_of(viewer, date, language=language, at=at)
    sheets = [*sheets, *(paper.make() for paper in others if with_files or not paper.is_file)][:99]
    if not sheets:
        return None
    zones = dict.fromkeys([viewer.zone, found[0].zone if found else process().zone])
    frame = Frame(told(process().title, language), "", at, tuple(Place(city(z, language), z) for z in zones))
    words = Words("desk_handover", language)
    return Pack(frame, words("pack_occasion", date=Words("print", language).date(date)), tuple(sheets))


def printer(username: str) -> Viewer:
    """Give in whose name a pack is printed at a terminal; without a name, the desk's secretariat.

    Raises
    ------
    InputError
        If there is no such member.
    """
    known = User.objects.filter(is_active=True)
    found = known.filter(username=username) if username else known.filter(role=Post.SECRETARIAT)
    user = found.order_by("username").first()
    if user is None:
        raise InputError(Fault("--member", "", "", username or "no member of the secretariat", "a member of this desk"))
    return Viewer(Post(user.role), user.party_id, user.id, user.language, user.zone)


def of_date(viewer: Viewer, date: dt.date) -> list[Transfer]:
    """Give the transfers that a viewer sees whose day it is, by the clock of their place."""
    return [
        transfer
        for transfer in transfers(viewer)
        if transfer.starts_at is not None and transfer.starts_at.astimezone(ZoneInfo(transfer.zone)).date() == date
    ]


def dates(viewer: Viewer) -> list[dt.date]:
    """Give the days of the transfers that a viewer sees, each by the clock of its place."""
    return [
        one.starts_at.astimezone(ZoneInfo(one.zone)).date() for one in transfers(viewer) if one.starts_at is not None
    ]


def today(viewer: Viewer, now: dt.datetime) -> dt.date:
    """Give the day by the reader's clock."""
    return now.astimezone(ZoneInfo(viewer.zone)).date()


def frame_of(viewer: Viewer, transfer: Transfer, at: dt.datetime, language: str = "") -> Frame:
    """Give what stands around every paper of a transfer, in the paper's first language."""
    tongue = language or viewer.language
    return Frame(told(process().title, tongue), transfer.code, at, places_of(viewer, transfer, tongue))


def places_of(viewer: Viewer, transfer: Transfer, language: str) -> tuple[Place, ...]:
    """Give whose clocks a paper shows: the reader's and the place's."""
    zones = dict.fromkeys([viewer.zone, transfer.zone])
    return tuple(Place(city(zone, language), zone) for zone in zones)


def count_form(transfer: Transfer, frame: Frame) -> CountForm:
    """Give the count form of the present manifest; the same when it is printed and when it is read back.

    Raises
    ------
    NotYoursError
        If there is no manifest.
    """
    if transfer.day is None:
        raise NotYoursError("no manifest")
    codes = slip_codes(transfer.code, [one["number"] for one in transfer.items])
    lines = tuple(CountLine(n, codes[one["number"]]) for n, one in enumerate(transfer.items, 1))
    leg = leg_of(transfer)
    return CountForm(frame, transfer.code, 1 if leg is None else leg.number, transfer.day.sha256, lines)


def _mark(transfer: Transfer) -> Mark:
    """Name the statement by which the manifest stands in the record; before there is one, the transfer alone."""
    if transfer.day is None:
        return Mark(transfer.code, list_hash(transfer))
    made = Statement.objects.filter(kind="manifest", subject=f"transfer:{transfer.id}").order_by("-number").first()
    return Mark(transfer.code if made is None else made.name, transfer.day.sha256)


class _Press:
    """Sets the papers of one transfer for one reader."""

    def __init__(self, viewer: Viewer, transfer: Transfer, languages: Sequence[Language], at: dt.datetime) -> None:
        self.viewer, self.transfer, self.languages, self.at = viewer, transfer, languages, at
        self.names = {party.code: self._called(party.name) for party in Party.objects.all()}
        self.frame = frame_of(viewer, transfer, at, languages[0])
        codes = slip_codes(transfer.code, [one["number"] for one in transfer.items])
        self.items = [Item(one["number"], codes[one["number"]], one["seal"]) for one in transfer.items]
        self.mark = _mark(transfer)
        leg = leg_of(transfer)
        self.leg = 1 if leg is None else leg.number

    def sheet(self, name: str) -> Sheet:
        """Lay out a paper by its name."""
        if name.startswith("act-"):
            return self._act(Role(name.removeprefix("act-")))
        made: Sheet = getattr(self, f"_{name}")()
        return made

    def _called(self, name: str) -> str:
        """Give a party's name, on a paper in several languages in each of them."""
        return " · ".join(dict.fromkeys(told(name, language) for language in self.languages))

    def _name(self, role: Role) -> str:
        return self.names[parties(self.transfer)[role]]

    def _conditions(self) -> Sheet:
        words, transfer = Words("desk_handover", self.languages[0]), self.transfer
        values = proposed(transfer)
        said = {
            (self.names[party], condition): Confirmation(Stance(one.stance), self.names[party], one.at)
            for (party, condition), one in standing(transfer, transfer.sayings.all()).items()
            if party in {transfer.giver_id, transfer.receiver_id}
        }
        shown = {
            Condition.TERMS: transfer.terms,
            Condition.LIST: words("list_of", n=len(transfer.items), hash=list_hash(transfer)[:16]),
            Condition.DATE: "" if values[Condition.DATE] is None else self._hour(),
            Condition.PLACE: transfer.place,
        }
        sides = (self._name(Role.GIVER), self._name(Role.RECEIVER))
        there = {condition: text for condition, text in shown.items() if values[condition] is not None}
        state = sha256_hex(canonical_bytes([transfer.code, {c.value: values[c] for c in Condition}]))
        mark = Mark(transfer.code, state)
        return conditions_sheet(ConditionSheet(self.frame, transfer.code, sides, there, said, mark), self.languages[0])

    def _hour(self) -> str:
        starts = self.transfer.starts_at
        if starts is None:
            return ""
        local = starts.astimezone(ZoneInfo(self.transfer.zone))
        words = Words("print", self.languages[0])
        return f"{words.date(local.date())}, {local:%H:%M} ({city(self.transfer.zone, self.languages[0])})"

    def _manifest(self) -> Sheet:
        lines = tuple(
            ManifestLine(n, self._code(item), self._headed, item.seal or "") for n, item in enumerate(self.items, 1)
        )
        made = Manifest(
            self.frame, self.transfer.code, self.leg, self._name(Role.GIVER), self._name(Role.RECEIVER),
            Unit(self.transfer.unit), self.transfer.place, lines, self.mark, self.transfer.starts_at,
        )  # fmt: skip
        return manifest_sheet(made, self.languages[0])

    @property
    def _persons(self) -> bool:
        return is_of_persons(self.transfer)

    def _code(self, item: Item) -> str:
        return item.code if self._persons else item.number

    def _slips(self) -> Sheet:
        slips = tuple(Slip(n, item.code, self.leg) for n, item in enumerate(self.items, 1))
        return slips_sheet(Slips(self.frame, slips), self.languages[0])

    def _labels(self) -> Sheet:
        labels = tuple(Label(n, item.number, item.seal or "") for n, item in enumerate(self.items, 1))
        made = Labels(self.frame, self.transfer.code, self._name(Role.GIVER), self._name(Role.RECEIVER), labels)
        return labels_sheet(made, self.languages[0])

    def _count(self) -> Sheet:
        return count_form_sheet(count_form(self.transfer, self.frame), self.languages[0])

    def _objection(self) -> Sheet:
        by = "" if self.viewer.role is not Post.SIDE else self.names[self.viewer.party]
        return objection_sheet(Objection(self.frame, self.transfer.code, by, ()), self.languages[0])

    def _act(self, original: Role) -> Sheet:
        the = the_day(self.transfer)
        if the is None:
            raise NotYoursError("no manifest")
        shown = seen(self.viewer, self.transfer, the)
        lines = tuple(
            ActLine(n, self._code(item), state_of(shown, item.number), self._heading, item.seal or "")
            for n, item in enumerate(self.items, 1)
        )
        made = Act(
            frame=self.frame,
            parties={role: self._name(role) for role in Role},
            unit=Unit(self.transfer.unit),
            transfer=self.transfer.code,
            place=self.transfer.place,
            began=_began(the),
            ended=_ended(the),
            headings=self._headings,
            lines=lines,
            attestations=self._attestations(the),
            mark=self.mark,
        )
        return act_sheet(made, self.languages, original)

    @property
    def _heading(self) -> str:
        """Give the category under which everyone of this transfer goes; none for containers."""
        return self.transfer.category if self._persons else ""

    @property
    def _headings(self) -> dict[str, dict[str, str]]:
        """Give the category in words, by language."""
        if not self._heading:
            return {}
        key = f"choice_category_{self._heading}"
        return {self._heading: {each.value: Words("desk_handover", each)(key) for each in self.languages}}

    @property
    def _headed(self) -> str:
        return self._headings[self._heading][self.languages[0].value] if self._heading else ""

    def _attestations(self, the: TheDay) -> tuple[Attestation, ...]:
        """Give what each role attests; a side learns the other's figure once both have met."""
        mine = role_of(self.viewer, self.transfer)
        standing_ = live_attested(self.transfer)
        found = []
        for role in Role:
            one = standing_.get(parties(self.transfer)[role])
            acts = the.merged.live(role, Say.ACT_SIGNED)
            if one is None or one.scope is None or not acts or not (the.has_met or mine in {role, Role.NEUTRAL}):
                continue
            at = max(dt.datetime.fromisoformat(kept.statement.at) for kept in acts)
            found.append(Attestation(role, self._name(role), one.scope, one.quantity, at, acts[0].id[:16]))
        return tuple(found)


def _began(the: TheDay) -> dt.datetime | None:
    return the.day.starts if _ended(the) is not None else None


def _ended(the: TheDay) -> dt.datetime | None:
    """Give when the last of the three has signed; None while they have not met."""
    acts = [kept for role in Role for kept in the.merged.live(role, Say.ACT_SIGNED)]
    moments = [dt.datetime.fromisoformat(kept.statement.at) for kept in acts] if the.has_met else []
    return max([the.day.starts, *moments]) if moments else None


def state_of(shown: Seen | None, number: str) -> Counted:
    """Give what an act says of a number: the neutral's word, or what all who spoke say alike; else not yet."""
    if shown is None:
        return Counted.NOT_YET
    says = {role: words[number] for role, words in shown.numbers.items() if words[number]}
    neutral = says.get(Role.NEUTRAL, ())
    if len(neutral) == 1:
        return Counted(neutral[0].value)
    every = {say for words in says.values() for say in words}
    return Counted(every.pop().value) if len(every) == 1 and len(says) > 1 else Counted.NOT_YET
