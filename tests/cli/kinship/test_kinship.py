"""The command as an officer uses it, from files to files."""

import csv
import json

import polars as pl
import pytest

from goodoffices.cli.main import run
from tests.engines.kinship.test_cases import FOLDER


def table(path):
    return list(csv.DictReader(path.read_text().splitlines()))


def command(capsys, *arguments):
    with pytest.raises(SystemExit) as stop:
        run(["kinship", *map(str, arguments)])
    done = capsys.readouterr()
    assert "Traceback" not in done.err
    return stop.value.code, done.out, done.err


FREQUENCIES = "locus,allele,frequency\n" + "".join(f"L{n:02d},{a},{1 / 8}\n" for n in range(14) for a in range(8, 16))


@pytest.fixture
def files(tmp_path):
    """Two families; R1 is the missing son of the first, R2 nobody's."""
    typed = {
        "F1-A": [("8", "9")] * 14,
        "F1-B": [("10", "11")] * 14,
        "F2-M": [("12", "13")] * 14,
    }
    remains = {"R1": [("8", "10")] * 14, "R2": [("14", "15")] * 9}
    for name, people in (("references", typed), ("profiles", remains)):
        rows = [f"{who},L{n:02d},{a},{b}" for who, pairs in people.items() for n, (a, b) in enumerate(pairs)]
        (tmp_path / f"{name}.csv").write_text("sample,locus,allele_1,allele_2\n" + "\n".join(rows) + "\n")
    (tmp_path / "frequencies.csv").write_text(FREQUENCIES)
    (tmp_path / "families.csv").write_text(
        "family,person,father,mother,sex,sample,role\n"
        "F1,A,0,0,M,F1-A,relative\nF1,B,0,0,F,F1-B,relative\nF1,X,A,B,M,,missing\n"
        "F2,F,0,0,M,,\nF2,M,0,0,F,F2-M,relative\nF2,X,F,M,M,,missing\n"
    )
    return tmp_path


def options(files, *names):
    return [part for name in names for part in (f"--{name}", files / f"{name}.csv")]


CONTRACT = ["sample", "family", "person", "log10_lr", "bits", "posterior", "loci", "mismatches", "rule"]
ALL = ("profiles", "families", "references", "frequencies")


def test_lr_prints_what_the_case_expects(capsys):
    path = FOLDER / "o19_mut_loop.json"
    code, out, _ = command(capsys, "lr", path, "--json")
    expected = json.loads(path.read_text())["result"]
    found = json.loads(out)
    assert code == 0
    assert found["log10_lr"] == pytest.approx(expected["log10_lr"], rel=1e-9)
    assert found["likelihood"]["H1"] == pytest.approx(expected["likelihood"]["H1"], rel=1e-9)


def test_joint_prints_the_dvi_case_in_its_form(capsys):
    path = FOLDER / "o_dvi3_women_and_men.json"
    code, out, _ = command(capsys, "joint", path, "--json")
    expected = json.loads(path.read_text())["result"]
    found = json.loads(out)
    assert code == 0
    assert found["pairwise"]["rows"] == expected["pairwise"]["rows"]
    assert found["pairwise"]["lr"][0][1] is None
    assert found["joint"]["top"][0]["assignment"] == expected["joint"]["top"][0]["assignment"]
    assert found["joint"]["marginal"]["cols"] == expected["joint"]["marginal"]["cols"]


def test_search_finds_the_family_and_the_rule_says_what_is_lacking(files, capsys):
    code, out, _ = command(capsys, "search", *options(files, *ALL), "--out", files / "C.csv")
    assert code == 0
    assert "may be reported" in out
    rows = table(files / "C.csv")
    assert list(rows[0])[:9] == [
        "sample",
        "family",
        "person",
        "log10_lr",
        "bits",
        "posterior",
        "loci",
        "mismatches",
        "rule",
    ]
    assert (rows[0]["sample"], rows[0]["family"], rows[0]["rule"], rows[0]["lacking"]) == (
        "R1",
        "F1",
        "two close relatives",
        "",
    )
    alone = next(row for row in rows if row["sample"] == "R2" and row["family"] == "F2")
    assert alone["rule"] == "none"
    assert "posterior" in alone["lacking"]
    assert int(alone["mismatches"]) == 9
    # 14 loci: P(8/10 | parents) = 1/4 less mutation, against 2/64.
    assert float(rows[0]["log10_lr"]) == pytest.approx(14 * 0.9031, abs=0.05)


def test_reports_are_written_in_the_language_asked_for(files, capsys):
    arguments = [*options(files, *ALL), "--out", files / "C.csv", "--reports", files / "reports", "--language", "tr"]
    code, _, _ = command(capsys, "search", *arguments)
    page = (files / "reports" / "R1-F1.html").read_text()
    assert code == 0
    assert 'lang="tr"' in page
    assert "Akrabalık raporu" in page
    assert "<svg" in page
    assert "equal:0.002" in page


def test_other_evidence_moves_the_posterior_and_stands_in_the_waterfall(files, capsys):
    (files / "evidence.csv").write_text("sample,family,person,bits,source\nR2,F2,X,80,linkage\n")
    arguments = [*options(files, *ALL, "evidence"), "--mutation", "none", "--out", files / "C.csv"]
    command(capsys, "search", *arguments)
    rows = table(files / "C.csv")
    assert all(
        row["sample"] != "R2" for row in rows
    )  # without mutation nine mismatches exclude, whatever the names say
    command(capsys, "search", *arguments[:-3], "equal:0.002", "--out", files / "C.csv")
    rows = {(row["sample"], row["family"]): row for row in table(files / "C.csv")}
    assert float(rows["R2", "F2"]["other_bits"]) == 80


def documented_pairs():
    page = (FOLDER.parents[2] / "docs/kinship.md").read_text()
    return page.split("```csv\nleft_ref,")[1].split("```")[0]


def test_the_documented_pairs_of_link_are_evidence_without_their_prior(files, capsys):
    (files / "evidence.csv").write_text("left_ref," + documented_pairs())
    code, _, err = command(capsys, "search", *options(files, *ALL, "evidence"), "--out", files / "C.csv")
    rows = {(row["sample"], row["family"]): row for row in table(files / "C.csv")}
    assert code == 0
    assert float(rows["R1", "F1"]["other_bits"]) == pytest.approx(13.5)  # 4.40 + 9.1: the prior is not evidence
    assert float(rows["R2", "F2"]["other_bits"]) == pytest.approx(5.4)  # -7.7 + 9.1 + 4.0: nor is a better rival
    assert "warning: R9: evidence about F1/X, no pair of this search; not used" in err
    command(capsys, "search", *options(files, *ALL), "--out", files / "C0.csv")
    without = {(row["sample"], row["family"]): row for row in table(files / "C0.csv")}
    assert float(rows["R2", "F2"]["posterior"]) / float(without["R2", "F2"]["posterior"]) == pytest.approx(
        2**5.4, rel=0.01
    )
    assert rows["R2", "F2"]["rule"] == "none"  # names never count


def test_what_link_writes_is_evidence(files, capsys):
    (files / "found.csv").write_text("ref,surname,given_name,birth_date\nR1,Коваленко,Олександр,1990-02-03\n")
    (files / "sought.csv").write_text(
        "ref,surname,given_name,birth_date\nF1/X,Коваленко,Олександр,1990-02-03\nF2/X,Бондар,Іван,1970-01-09\n"
    )
    with pytest.raises(SystemExit) as stop:
        run(["link", *map(str, (files / "found.csv", files / "sought.csv", "--out", files / "evidence.csv"))])
    assert stop.value.code == 0
    capsys.readouterr()
    code, _, _ = command(capsys, "search", *options(files, *ALL, "evidence"), "--out", files / "C.csv")
    row = next(iter(table(files / "C.csv")))
    assert code == 0
    assert (row["sample"], row["family"]) == ("R1", "F1")
    assert float(row["other_bits"]) > 5


PAIR = "left_ref,right_ref,bits,reasons\n"
BAD_EVIDENCE = [
    (PAIR + "R1,F1,4.4,prior:-9.1:x\n", "family/person"),
    (PAIR + "R1,F1/,4.4,prior:-9.1:x\n", "family/person"),
    (PAIR + "R1,F1/X,4.4,surname:3.0:x\n", "no prior"),
    (PAIR + "R1,F1/X,strong,prior:-9.1:x\n", "a number of bits"),
    ("left_ref,right_ref,bits\nR1,F1/X,4.4\n", "reasons"),
    ("sample,family,person,bits\nR1,F1,X,inf\n", "a number of bits"),
    ("sample,family,person,bits\nR1,F1,X,2\nR1,F1,X,2\n", "one row per pair and source"),
]


@pytest.mark.parametrize(("text", "says"), BAD_EVIDENCE)
def test_evidence_that_cannot_be_used_is_exit_2_in_words(files, capsys, text, says):
    (files / "evidence.csv").write_text(text)
    code, _, err = command(capsys, "search", *options(files, *ALL, "evidence"), "--out", files / "C.csv")
    assert code == 2
    assert says in err


def test_theta_is_exact_on_the_hits(files, capsys):
    command(capsys, "search", *options(files, *ALL), "--out", files / "C0.csv")
    command(capsys, "search", *options(files, *ALL), "--theta", "0.03", "--out", files / "C3.csv")
    first, second = (pl.read_csv(files / name)["log10_lr"][0] for name in ("C0.csv", "C3.csv"))
    assert 0 < second < first


LINE = "".join(f"F3,{name},{rest},M,,\n" if sex == "M" else f"F3,{name},{rest},F,,\n" for name, rest, sex in (
    *((f"gg{n}", "0,0", "MF"[n % 2]) for n in range(8)),
    *((f"g{n}", f"gg{2 * n},gg{2 * n + 1}", "MF"[n % 2]) for n in range(4)),
    ("P", "g0,g1", "M"),
    ("Q", "g2,g3", "F"),
))  # fmt: skip
"""Three generations of whom nobody is typed: sixteen founders' alleles, more than the exact sum of theta takes."""


def add_the_long_line(files):
    """Add family F3, whose missing son R3 may be: a brother and a sister are typed."""
    with (files / "families.csv").open("a") as file:
        file.write(LINE + "F3,B,P,Q,M,F3-B,relative\nF3,S,P,Q,F,F3-S,relative\nF3,X,P,Q,M,,missing\n")
    with (files / "references.csv").open("a") as file:
        file.writelines(f"F3-B,L{n:02d},9,15\nF3-S,L{n:02d},13,11\n" for n in range(14))
    with (files / "profiles.csv").open("a") as file:
        file.writelines(f"R3,L{n:02d},13,15\n" for n in range(14))


def test_a_family_that_exact_theta_is_refused_for_stops_only_itself(files, capsys):
    arguments = ["--theta", "0.03", "--out"]
    command(capsys, "search", *options(files, *ALL), *arguments, files / "before.csv")
    add_the_long_line(files)
    command(capsys, "search", *options(files, *ALL), "--out", files / "plain.csv")
    code, _, err = command(
        capsys, "search", *options(files, *ALL), *arguments, files / "C.csv", "--reports", files / "reports"
    )
    before, plain, now = (
        {(row["sample"], row["family"]): row for row in table(files / f"{name}.csv")}
        for name in ("before", "plain", "C")
    )
    assert code == 0
    assert "warning: F3: too many untyped founders" in err
    assert err.count("F3:") == 1
    assert now["R1", "F1"]["log10_lr"] == before["R1", "F1"]["log10_lr"] != plain["R1", "F1"]["log10_lr"]
    assert (now["R1", "F1"]["theta"], now["R1", "F1"]["lacking"]) == ("0.03", "")
    assert now["R3", "F3"]["log10_lr"] == plain["R3", "F3"]["log10_lr"]
    assert plain["R3", "F3"]["lacking"] == ""
    assert (now["R3", "F3"]["theta"], now["R3", "F3"]["lacking"]) == ("0.0", "exact_theta")
    assert [path.name for path in (files / "reports").iterdir()] == ["R1-F1.html"]


def test_two_missing_brothers_of_the_long_line_do_not_stop_the_joint_decision_either(files, capsys):
    add_the_long_line(files)
    with (files / "families.csv").open("a") as file:
        file.write("F3,Y,P,Q,M,,missing\n")
    with (files / "profiles.csv").open("a") as file:
        file.writelines(f"R4,L{n:02d},9,11\n" for n in range(14))
    code, _, err = command(capsys, "joint", *options(files, *ALL), "--theta", "0.03", "--out", files / "J.csv")
    rows = [row for row in table(files / "J.csv") if row["family"] == "F3" and float(row["joint_posterior"]) > 0.01]
    assert code == 0
    assert "F3: too many untyped founders" in err
    assert len(rows) == 4  # two samples, two brothers, both ways
    assert {row["theta"] for row in rows} == {"0.0"}
    assert all(row["lacking"] for row in rows)


def test_a_second_method_makes_one_relative_enough(files, capsys):
    with (files / "references.csv").open("a") as file:
        file.write("F1-B,mtDNA,263G 315.1C,\n")
    with (files / "profiles.csv").open("a") as file:
        file.write("R1,mtDNA,263G 315.1C,\n")
    text = (files / "families.csv").read_text().replace("F1-A,relative", ",")
    (files / "families.csv").write_text(text)
    command(
        capsys, "search", *options(files, *ALL), "--prior", "open:2", "--threshold", "0.99", "--out", files / "C.csv"
    )
    row = next(iter(table(files / "C.csv")))
    assert (row["sample"], row["rule"], row["lines"]) == ("R1", "one and a second method", "mtDNA:match:2:0")


def test_a_lifetime_sample_is_a_direct_match(files, capsys):
    with (files / "references.csv").open("a") as file:
        file.writelines(f"F2-X,L{n:02d},14,15\n" for n in range(14))
    text = (files / "families.csv").read_text().replace("F2,X,F,M,M,,missing", "F2,X,,,M,F2-X,missing")
    (files / "families.csv").write_text(text)
    command(capsys, "search", *options(files, *ALL), "--out", files / "C.csv")
    rows = {(row["sample"], row["family"]): row for row in table(files / "C.csv")}
    assert rows["R2", "F2"]["rule"] == "direct match"
    # 9 loci, each 1 / (2/64).
    assert float(rows["R2", "F2"]["log10_lr"]) == pytest.approx(9 * 1.50515, abs=1e-3)


def test_withdrawn_consent_takes_the_sample_out_and_says_so(files, capsys):
    text = (files / "references.csv").read_text().splitlines()
    rows = [f"{text[0]},consent", *(f"{row},{'withdrawn' if row.startswith('F1-A') else 'given'}" for row in text[1:])]
    (files / "references.csv").write_text("\n".join(rows) + "\n")
    _, _, err = command(capsys, "search", *options(files, *ALL), "--out", files / "C.csv")
    assert "F1-A: the donor has withdrawn consent" in err
    assert next(iter(table(files / "C.csv")))["close_relatives"] == "1"


def test_joint_of_files_lets_each_missing_person_be_found_once(files, capsys):
    text = (files / "profiles.csv").read_text()
    copies = "".join(f"R3,L{n:02d},8,11\n" for n in range(14))
    (files / "profiles.csv").write_text(text + copies)
    code, _, _ = command(capsys, "joint", *options(files, *ALL), "--out", files / "J.csv")
    rows = table(files / "J.csv")
    mine = [row for row in rows if row["family"] == "F1" and row["sample"] in {"R1", "R3"}]
    assert code == 0
    assert [float(row["posterior"]) > 0.999 for row in mine] == [True, True]
    assert sum(float(row["joint_posterior"]) for row in mine) == pytest.approx(1.0, abs=1e-6)


def test_reassociate_and_power_write_their_tables(files, capsys):
    code, _, _ = command(capsys, "reassociate", *options(files, "profiles", "frequencies"), "--out", files / "G.csv")
    assert code == 0
    assert (files / "G.csv").read_text().startswith("group,sample,log10_lr_to_group")
    code, out, _ = command(
        capsys, "power", *options(files, "families", "references", "frequencies"), "--out", files / "P.csv", "--json"
    )
    assert code == 0
    rows = {row["family"]: row for row in json.loads(out)["rows"]}
    assert rows["F1"]["chance_low"] > rows["F2"]["chance_low"]
    assert all(row["chance_low"] <= row["chance_high"] for row in rows.values())


def test_conclusions_reads_the_documented_example(tmp_path, capsys):
    record = tmp_path / "record.jsonl"
    page = (FOLDER.parents[2] / "docs/kinship.md").read_text()
    record.write_text(page.split("```json\n")[1].split("```")[0])
    code, out, _ = command(capsys, "conclusions", record, "--json")
    assert code == 0
    assert [row["standing"] for row in json.loads(out)] == ["retracted", "reopened"]


BAD = [
    (["lr", "nothing.json"], "nothing.json"),
    (["search", "--mutation", "sometimes:3"], "sometimes:3"),
    (["search", "--prior", "open:1"], "open:1"),
    (["joint"], "give a CASE.json"),
    (["search", "--mutation", "stepwise:0.9,0.9"], "rates"),
]


@pytest.mark.parametrize(("arguments", "says"), BAD)
def test_bad_usage_is_exit_2_in_words(files, capsys, arguments, says):
    if arguments[0] == "search":
        arguments = [*arguments, *options(files, *ALL), "--out", files / "C.csv"]
    code, _, err = command(capsys, *arguments)
    assert code == 2
    assert says in err
    assert not (files / "C.csv").exists()


@pytest.mark.slow
def test_spark_gives_the_same_pairs(files, capsys):
    pytest.importorskip("pyspark")
    command(capsys, "search", *options(files, *ALL), "--out", files / "local.csv")
    code, _, _ = command(capsys, "search", *options(files, *ALL), "--engine", "spark", "--out", files / "spark.csv")
    assert code == 0
    assert (files / "spark.csv").read_bytes() == (files / "local.csv").read_bytes()
