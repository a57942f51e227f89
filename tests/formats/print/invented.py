"""Invented sheets of every kind: the parties, places and numbers are nobody's."""

import datetime as dt
import hashlib
from collections.abc import Callable
from functools import cache

from goodoffices.domain.assertion import Scope
from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.commitment import Unit
from goodoffices.domain.process import Condition, Role, Stance
from goodoffices.flow.result import results as results_of
from goodoffices.formats.print.act import Act, ActLine, Attestation, Counted, act_sheet
from goodoffices.formats.print.conditions import ConditionSheet, Confirmation, conditions_sheet
from goodoffices.formats.print.countform import CountForm, CountLine, count_form_sheet
from goodoffices.formats.print.custody import Custody, CustodyForm, SealState, custody_sheet
from goodoffices.formats.print.frame import Frame, Mark, Place, Sheet
from goodoffices.formats.print.incident import IncidentForm, IncidentKind, incident_sheet
from goodoffices.formats.print.manifest import Manifest, ManifestLine, manifest_sheet
from goodoffices.formats.print.objection import Dispute, Disputed, Objection, objection_sheet
from goodoffices.formats.print.results import ResultsSheet, results_sheet
from goodoffices.formats.print.silence import Received, Silence, silence_sheet
from goodoffices.formats.print.slips import Label, Labels, Slip, Slips, labels_sheet, slips_sheet
from goodoffices.formats.process import read_process
from goodoffices.formats.texts import read_texts
from goodoffices.formats.words import Language
from goodoffices.store.example import EXAMPLE, TEXTS, example_process, example_texts

AT = dt.datetime(2026, 7, 18, 16, 5, tzinfo=dt.UTC)
PLACES = (Place("Istanbul", "Europe/Istanbul"), Place("Port B", "Europe/Kyiv"))
PARTIES = {Role.GIVER: "Side A", Role.RECEIVER: "Side B", Role.NEUTRAL: "The Neutral Office"}
HEADINGS = ("balance", "all_for_all:seriously_wounded_or_ill", "civilian")
MARK = Mark("act-T12-2", hashlib.sha256(b"an act").hexdigest(), "https://record.example/entry/1204")


def frame(number: str) -> Frame:
    return Frame("Talks of the Two Shores", number, AT, PLACES)


def slip_code(number: int) -> str:
    return f"K7Q2-{number:04d}"


def state(number: int) -> Counted:
    return {7: Counted.MISSING, 19: Counted.DOES_NOT_GO, 33: Counted.MISSING}.get(number, Counted.COUNTED)


def act(lines: int = 60, unit: Unit = Unit.HANDED_OVER) -> Act:
    rows = tuple(
        ActLine(n, slip_code(n), state(n), heading=HEADINGS[n % 3])
        if unit is Unit.HANDED_OVER
        else ActLine(n, f"C-{n:04d}", Counted.SEAL_BROKEN if n == 5 else Counted.COUNTED, seal=f"ZX{n:06d}")
        for n in range(1, lines + 1)
    )
    told = (
        Attestation(Role.GIVER, PARTIES[Role.GIVER], Scope.COUNTED, lines - 3, AT, "st-301"),
        Attestation(Role.RECEIVER, PARTIES[Role.RECEIVER], Scope.CHECKED_AGAINST_MANIFEST, lines - 3, AT, "st-302"),
        Attestation(Role.NEUTRAL, PARTIES[Role.NEUTRAL], Scope.OBSERVED, None, AT, "st-303"),
    )
    began = AT - dt.timedelta(hours=3)
    return Act(frame("T-12/2"), PARTIES, unit, "T-12, leg 2", "Crossing North", began, AT, rows, told, MARK)


def manifest(lines: int = 45) -> Manifest:
    rows = tuple(ManifestLine(n, slip_code(n), heading=HEADINGS[n % 3]) for n in range(1, lines + 1))
    return Manifest(frame("M-12/2"), "T-12", 2, "Side A", "Side B", Unit.HANDED_OVER, "Crossing North", rows, MARK)


def slips(lines: int = 23, per_page: int = 10) -> Slips:
    return Slips(frame("T-12"), tuple(Slip(n, slip_code(n), 2) for n in range(1, lines + 1)), per_page)


def labels(lines: int = 8, per_page: int = 6) -> Labels:
    rows = tuple(Label(n, f"C-{n:04d}", f"ZX{n:06d}") for n in range(1, lines + 1))
    return Labels(frame("T-14"), "T-14", "Side A", "Side B", rows, per_page)


def conditions(*, is_set: bool = False) -> ConditionSheet:
    said = {
        (side, condition): Confirmation(Stance.ACCEPT, f"Head of delegation, {side}", AT)
        for side in ("Side A", "Side B")
        for condition in Condition
    }
    if not is_set:
        del said["Side B", Condition.DATE]
        said["Side A", Condition.PLACE] = Confirmation(Stance.RESERVE, "Head of delegation, Side A", AT)
    proposed = {
        Condition.TERMS: "Clause 4.2, Rev. 6: at least 1,200 a side",
        Condition.LIST: "Lists sealed on 14 July",
        Condition.DATE: "20 July, 09:00",
        Condition.PLACE: "Crossing North",
    }
    return ConditionSheet(frame("T-12"), "T-12", ("Side A", "Side B"), proposed, said, MARK)


def silence(*, all_received: bool = True) -> Silence:
    last = AT if all_received else None
    receipts = (Received("Side A", AT), Received("Side B", last), Received("Host", AT))
    return Silence(frame("P-7"), "Single text", "Rev. 6", AT, AT + dt.timedelta(hours=72), receipts, MARK)


def incident(*, filled: bool = False) -> IncidentForm:
    if not filled:
        return IncidentForm(frame("I-4"), 471, "Ceasefire CF-3")
    return IncidentForm(
        frame("I-4"),
        471,
        "Ceasefire CF-3",
        IncidentKind.ACCESS_DENIED,
        AT,
        "Bridge road, km 14",
        "t4, ambulance",
        "The team was stopped at the barrier at 16:05 and sent back at 16:40.",
    )


def objection() -> Objection:
    lines = (
        Disputed("7", Dispute.NOT_THERE, "on the manifest", "not at the place"),
        Disputed("19", Dispute.CATEGORY, "aged 18 to 25", "older by the paper shown"),
        Disputed("", Dispute.COUNT, "60", "58"),
    )
    return Objection(
        frame("O-2"), "Act T-12/2", "Side B", lines, "Two numbers are not there.", "A second count.", 3, MARK
    )


def custody() -> CustodyForm:
    lines = (
        Custody(
            AT - dt.timedelta(days=2), "Field team 3", "Cold store", "Crossing North", "ZX000113", SealState.INTACT
        ),
        Custody(AT, "Cold store", "Laboratory", "Port B", "", SealState.BROKEN, "Gap: who gave is not who took last"),
        Custody(AT, "Laboratory", "Cold store", "Port B", "", SealState.NONE),
    )
    return CustodyForm(frame("A-0192/3"), "A-0192/3", "A-0192", "Sample of bone in a tube", lines, 5, MARK)


def count_form(lines: int = 120) -> CountForm:
    rows = tuple(CountLine(n, slip_code(n)) for n in range(1, lines + 1))
    return CountForm(frame("M-12/2"), "T-12", 2, MARK.sha256, rows)


@cache
def results() -> ResultsSheet:
    data = example_process()
    talks = read_process(data, EXAMPLE)
    texts = {language: read_texts(example_texts(), language, file=TEXTS) for language in Language}
    return ResultsSheet(frame("R-1"), talks, results_of(talks), sha256_hex(data), texts)


def _all_languages(language: Language) -> list[Language]:
    return [language, *(other for other in Language if other is not language)]


SHEETS: dict[str, Callable[[Language], Sheet]] = {
    "act": lambda language: act_sheet(act(), [language], Role.GIVER),
    "act-four": lambda language: act_sheet(act(), _all_languages(language), Role.NEUTRAL),
    "act-containers": lambda language: act_sheet(act(30, Unit.CONTAINER), _all_languages(language)[:2], Role.RECEIVER),
    "manifest": lambda language: manifest_sheet(manifest(), language),
    "slips": lambda language: slips_sheet(slips(), language),
    "slips-small": lambda language: slips_sheet(slips(30, 24), language),
    "labels": lambda language: labels_sheet(labels(), language),
    "labels-small": lambda language: labels_sheet(labels(9, 8), language),
    "conditions": lambda language: conditions_sheet(conditions(), language),
    "conditions-set": lambda language: conditions_sheet(conditions(is_set=True), language),
    "silence": lambda language: silence_sheet(silence(), language),
    "silence-waiting": lambda language: silence_sheet(silence(all_received=False), language),
    "incident": lambda language: incident_sheet(incident(), language),
    "incident-filled": lambda language: incident_sheet(incident(filled=True), language),
    "objection": lambda language: objection_sheet(objection(), language),
    "results": lambda language: results_sheet(results(), language),
    "count": lambda language: count_form_sheet(count_form(), language),
    "custody": lambda language: custody_sheet(custody(), language),
}
"""Every kind of sheet, by name."""
