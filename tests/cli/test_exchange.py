"""goodoffices exchange at a terminal: the way through, exit codes, bad input."""

import json

import pytest
from openpyxl import load_workbook

from goodoffices.cli.main import run
from goodoffices.domain.canonical import sha256_hex
from goodoffices.formats.plans import parse_plan
from goodoffices.formats.planview import view_bytes
from goodoffices.formats.sealed import sealed_csv
from goodoffices.formats.terms_out import terms_bytes
from tests.engines.exchange.cases import LOTTERY, terms, usual

AGREED = terms(all_for_all=("seriously_wounded_or_ill",))


def go(*arguments):
    with pytest.raises(SystemExit) as stop:
        run([str(argument) for argument in arguments])
    return stop.value.code


def desk(folder, agreed=AGREED, seed=3):
    for side, frame in usual(seed).items():
        (folder / f"held-by-{side.lower()}.csv").write_bytes(sealed_csv(frame))
    (folder / "TERMS.toml").write_bytes(terms_bytes(agreed))
    return folder / "TERMS.toml", folder / "PLAN.json"


@pytest.fixture
def made(tmp_path, capsys):
    agreed, plan = desk(tmp_path)
    assert go("exchange", "compose", agreed, "--out", plan) == 0
    capsys.readouterr()
    return agreed, plan


def test_compose_then_verify_as_neutral_and_as_each_side(made, capsys):
    agreed, plan = made
    assert go("exchange", "verify", agreed, plan) == 0
    assert capsys.readouterr().out.startswith("The plan keeps to the terms.")
    for side in "AB":
        assert go("exchange", "verify", agreed, plan, "--side", side, "--json") == 0
        assert json.loads(capsys.readouterr().out)["holds"] is True


def test_one_sides_audit_needs_no_list_of_the_other(made, capsys):
    agreed, plan = made
    (plan.parent / "PLAN.lists/B.csv").unlink()
    assert go("exchange", "verify", agreed, plan, "--side", "A") == 0
    assert go("exchange", "verify", agreed, plan) == 2
    assert "PLAN.lists/B.csv" in capsys.readouterr().err


def test_the_sealed_lists_are_what_lists_seal_writes(made):
    _, plan = made
    tree = json.loads(plan.read_text(encoding="utf-8"))
    for side, frame in usual(3).items():
        assert (plan.parent / tree["lists"][side]).read_bytes() == sealed_csv(frame)


def test_a_bent_plan_is_exit_1_and_says_what(made, capsys):
    agreed, plan = made
    tree = json.loads(plan.read_text(encoding="utf-8"))
    tree["legs"][0]["release"]["A"].pop()
    plan.write_text(json.dumps(tree), encoding="utf-8")
    assert go("exchange", "verify", agreed, plan) == 1
    assert "does not keep" in capsys.readouterr().out


def test_infeasible_terms_are_exit_1_and_the_plan_says_which(tmp_path, capsys):
    agreed, plan = desk(tmp_path, terms(minimum={"A": 900, "B": 30}, all_for_all=()))
    assert go("exchange", "compose", agreed, "--out", plan) == 1
    assert "minimum A 900: only" in capsys.readouterr().out
    assert json.loads(plan.read_text(encoding="utf-8"))["infeasible"] == ["numbers.minimum.A"]
    assert go("exchange", "verify", agreed, plan) == 1


def test_seats_that_do_not_suffice_are_named(tmp_path, capsys):
    agreed, plan = desk(tmp_path, terms(legs=terms().legs.__class__((5, 5)), all_for_all=("under_25",)))
    assert go("exchange", "compose", agreed, "--out", plan) == 1
    assert "legs.seats" in capsys.readouterr().out


def test_another_list_than_the_sealed_one_is_exit_2(tmp_path, capsys):
    agreed, plan = desk(tmp_path, terms(sealed={"A": "0" * 64}))
    assert go("exchange", "compose", agreed, "--out", plan) == 2
    assert "another list was sealed" in capsys.readouterr().err
    assert not plan.exists()


def test_a_reveal_that_does_not_fit_is_exit_2(tmp_path, capsys):
    agreed, plan = desk(tmp_path)
    agreed.write_text(
        agreed.read_text(encoding="utf-8").replace(LOTTERY.reveal["B"], "something else altogether"), encoding="utf-8"
    )
    assert go("exchange", "compose", agreed, "--out", plan) == 2
    assert "lottery.reveal.B" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["compose", "options"])
def test_missing_files_are_exit_2(command, tmp_path, capsys):
    assert go("exchange", command, tmp_path / "none.toml", "--out", tmp_path / "x") == 2
    agreed, _ = desk(tmp_path)
    (tmp_path / "held-by-b.csv").unlink()
    assert go("exchange", command, agreed, "--out", tmp_path / "x") == 2
    assert "held-by-b.csv" in capsys.readouterr().err


def test_a_plan_that_leads_out_of_its_folder_is_refused(made, capsys):
    agreed, plan = made
    tree = json.loads(plan.read_text(encoding="utf-8"))
    tree["lists"]["A"] = "../../etc/passwd"
    plan.write_text(json.dumps(tree), encoding="utf-8")
    assert go("exchange", "verify", agreed, plan) == 2
    assert "below the plan's folder" in capsys.readouterr().err


def test_no_json_is_no_plan(made, capsys):
    agreed, plan = made
    plan.write_text("{", encoding="utf-8")
    assert go("exchange", "verify", agreed, plan) == 2
    assert go("exchange", "repair", agreed, plan, "--gone", "A-00001", "--after", "0", "--out", plan) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_repair_then_verify(made, capsys):
    agreed, plan = made
    tree = json.loads(plan.read_text(encoding="utf-8"))
    gone = [tree["legs"][1]["release"]["A"][0], tree["legs"][2]["release"]["B"][0]]
    out = plan.with_name("PLAN2.json")
    assert go("exchange", "repair", agreed, plan, "--gone", *gone, "--after", "1", "--out", out) == 0
    said = capsys.readouterr().out
    assert all(f"{ref}: stays" in said for ref in gone)
    assert go("exchange", "verify", agreed, out, "--before", plan) == 0
    assert json.loads(out.read_text(encoding="utf-8"))["legs"][0] == tree["legs"][0]
    home = tree["legs"][0]["release"]["A"][0]
    assert go("exchange", "repair", agreed, plan, "--gone", home, "--after", "1", "--out", out) == 2
    assert go("exchange", "repair", agreed, plan, "--gone", "nobody", "--after", "1", "--out", out) == 2
    assert "on no list" in capsys.readouterr().err


def test_options_are_plans_that_pass(tmp_path, capsys):
    agreed, _ = desk(tmp_path, terms(all_for_all=(), ratio=None))
    assert go("exchange", "options", agreed, "--out", tmp_path / "menu", "--between", "1", "--json") == 0
    tree = json.loads(capsys.readouterr().out)
    for option in tree["options"]:
        folder = tmp_path / "menu"
        assert go("exchange", "verify", folder / option["terms"], folder / option["plan"]) == 0
    page = (tmp_path / "menu/options.html").read_text(encoding="utf-8")
    assert "<svg" in page


def test_sheets_hold_one_side_and_the_page_holds_nobody(made):
    _, plan = made
    tree = json.loads(plan.read_text(encoding="utf-8"))
    for side, other in (("A", "B"), ("B", "A")):
        book = load_workbook(plan.with_name(f"PLAN.{side}.releases.xlsx"))
        refs = {row[1] for sheet in book for row in sheet.iter_rows(min_row=2, values_only=True)}
        assert refs == {ref for leg in tree["legs"] for ref in leg["release"][side]}
        book = load_workbook(plan.with_name(f"PLAN.{side}.receives.xlsx"))
        refs = {row[1] for sheet in book for row in sheet.iter_rows(min_row=2, values_only=True)}
        assert refs == {ref for leg in tree["legs"] for ref in leg["release"][other]}
    page = plan.with_suffix(".html").read_text(encoding="utf-8")
    assert not any(ref in page for leg in tree["legs"] for refs in leg["release"].values() for ref in refs)


@pytest.mark.parametrize("language", ["en", "uk", "ru", "tr"])
def test_lists_are_printed_in_four_languages(made, language):
    agreed, plan = made
    folder = plan.parent / "prints"
    assert go("exchange", "print", agreed, plan, "--out", folder, "--language", language) == 0
    for side in "AB":
        assert (folder / f"PLAN.{side}.{language}.pdf").read_bytes().startswith(b"%PDF")


def test_a_side_that_is_none_is_exit_2(made):
    agreed, plan = made
    assert go("exchange", "verify", agreed, plan, "--side", "C") == 2


def test_a_plan_has_every_field_that_the_contract_and_the_docs_name(made):
    _, plan = made
    tree = json.loads(plan.read_text(encoding="utf-8"))
    wanted = {"terms_sha256", "lists", "lists_sha256", "legs", "objective", "certificate", "lottery", "left_out"}
    assert set(tree) == wanted | {"ties", "warnings"}
    assert set(tree["legs"][0]) == {"number", "release", "heading"}
    assert set(tree["objective"][0]) == {"criterion", "value", "bound"}
    assert set(tree["certificate"][0]) == {"criterion", "multipliers"}
    assert set(tree["lottery"]) == {"seed", "order_sha256", "order"}
    assert set(tree["ties"][0]) == {"side", "heading", "site", "criteria", "taken", "of", "last_in", "first_out"}


def test_a_sides_own_view_is_audited_without_anything_of_the_other(made, tmp_path, capsys):
    agreed, plan = made
    noun = parse_plan(plan.read_bytes(), "PLAN.json")
    for side in "AB":
        home = tmp_path / f"home-{side}"
        home.mkdir()
        data = view_bytes(noun, side=side, plan_sha256=sha256_hex(plan.read_bytes()), path=f"{side}.csv")
        (home / "VIEW.json").write_bytes(data)
        (home / f"{side}.csv").write_bytes((plan.parent / f"PLAN.lists/{side}.csv").read_bytes())
        (home / "TERMS.toml").write_bytes(agreed.read_bytes())
        assert go("exchange", "verify", home / "TERMS.toml", home / "VIEW.json", "--side", side, "--json") == 0
        assert json.loads(capsys.readouterr().out)["holds"] is True
        other = "AB".replace(side, "")
        assert go("exchange", "verify", home / "TERMS.toml", home / "VIEW.json", "--side", other) == 2
        assert go("exchange", "verify", home / "TERMS.toml", home / "VIEW.json") == 2
        (home / "VIEW.json").write_bytes(data.replace(b'"balance": 1', b'"balance": 9', 1))
        assert go("exchange", "verify", home / "TERMS.toml", home / "VIEW.json", "--side", side) == 1
        capsys.readouterr()
