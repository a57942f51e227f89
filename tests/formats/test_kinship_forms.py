"""Profiles, families, frequencies and cases in every form that laboratories send."""

import json

import pytest

from goodoffices.domain.errors import InputError
from goodoffices.formats.cases import read_case
from goodoffices.formats.frequencies import read_frequencies
from goodoffices.formats.pedigrees import read_families
from goodoffices.formats.profiles import read_profiles

ROWS = [("S1", "D3S1358", "14", "15"), ("S1", "TH01", "9.3", "9.3")]

LONG = b"sample,locus,allele_1,allele_2\nS1,D3S1358,14,15\nS1,TH01,9.3,9.3\n"
SEMICOLON = "sample;locus;allele_1;allele_2\nS1;D3S1358;14;15\nS1;TH01;9,3;9,3\n".encode("utf-16")
WIDE = b"Sample,D3S1358_1,D3S1358_2,TH01_1,TH01_2\nS1,14,15,9.3,9.3\n"
SLASH = b"sample\tD3S1358\tTH01\nS1\t14/15\t9.3/9.3\n"
# The columns of GeneMapper's genotype table export, as its user guide names them.
GENEMAPPER = b"Sample Name\tMarker\tAllele 1\tAllele 2\nS1\tD3S1358\t14.0\t15\nS1\tTH01\t9.3\t9.3\n"
# Element names of the public CODIS CMF import schema.
CMF = b"""<?xml version="1.0"?>
<CODISImportFile xmlns="urn:CODISImportFile-schema">
 <SPECIMEN SOURCEID="No"><SPECIMENID>S1</SPECIMENID><SPECIMENCATEGORY>Unidentified Person</SPECIMENCATEGORY>
  <LOCUS><LOCUSNAME>D3S1358</LOCUSNAME><ALLELE><ALLELEVALUE>14</ALLELEVALUE></ALLELE><ALLELE><ALLELEVALUE>15</ALLELEVALUE></ALLELE></LOCUS>
  <LOCUS><LOCUSNAME>TH01</LOCUSNAME><ALLELE><ALLELEVALUE>9.3</ALLELEVALUE></ALLELE><ALLELE><ALLELEVALUE>9.3</ALLELEVALUE></ALLELE></LOCUS>
 </SPECIMEN>
</CODISImportFile>"""


@pytest.mark.parametrize(
    "data", [LONG, SEMICOLON, WIDE, SLASH, GENEMAPPER, CMF], ids=["long", "utf16", "wide", "slash", "genemapper", "cmf"]
)
def test_every_form_reads_to_the_same_typings(data):
    frame, findings = read_profiles(data, "p")
    assert sorted(frame.select("sample", "locus", "allele_1", "allele_2").rows()) == ROWS
    assert findings == ()


def test_a_sample_that_states_a_locus_twice_is_left_out_and_the_rest_kept():
    data = LONG + b"S2,TH01,6,7\nS2,TH01,6,8\nS1,TH01,9.3,9.3\n"
    frame, findings = read_profiles(data, "p")
    assert set(frame["sample"]) == {"S1"}
    assert [(finding.code, finding.subject) for finding in findings] == [("sample_twice", "S2")]


def test_replicates_are_no_contradiction():
    data = b"sample,locus,allele_1,allele_2,replicate\nS1,TH01,6,7,1\nS1,TH01,6,6,2\n"
    frame, findings = read_profiles(data, "p")
    assert len(frame) == 2
    assert findings == ()


def test_a_mixture_is_named_and_its_locus_left_out():
    data = b"Sample Name\tMarker\tAllele 1\tAllele 2\tAllele 3\nS1\tTH01\t6\t7\t8\nS1\tTPOX\t8\t9\t\n"
    frame, findings = read_profiles(data, "p")
    assert frame["locus"].to_list() == ["TPOX"]
    assert [(finding.code, finding.locus) for finding in findings] == [("mixture", "TH01")]


BAD_PROFILES = [
    (b"", "empty"),
    (b"\x00\x01\x02", "binary"),
    (b"name,age\nx,3\n", "no such column"),
    (b"sample,locus,allele_1,allele_2,drop_out\nS,TH01,6,7,high\n", "high"),
    (b"sample,locus,allele_1\nS,TH01,6,7,8\n", "do not fit"),
    (b"<a><b></a>", "XML"),
    (b'<!DOCTYPE a [<!ENTITY b "c">]><a/>', "document type"),
    (b"<a/>", "no specimen"),
]


@pytest.mark.parametrize(("data", "says"), BAD_PROFILES)
def test_what_is_no_profile_is_refused_in_words(data, says):
    with pytest.raises(InputError, match=says):
        read_profiles(data, "p.csv")


# ------------------------------------------------------------------ families

FAMILIES = b"family,person,father,mother,sex,sample,role\nF1,A,0,0,M,a,relative\nF1,B,,,F,,\nF1,X,A,B,M,,missing\n"


def test_families_in_csv_and_in_plain_ped():
    one, _ = read_families(FAMILIES, "f")
    two, _ = read_families(b"F1 A 0 0 1 a relative\nF1 B 0 0 2\nF1 X A B 1 0 missing\n", "f.ped")
    assert one[0].people == two[0].people
    assert one[0].missing == two[0].missing == ("X",)
    assert one[0].samples == {"A": "a"}


def test_a_family_that_misses_nobody_and_a_shared_sample_are_named():
    data = FAMILIES + b"F2,A,0,0,M,,\nF3,A,0,0,M,a,\nF3,X,A,0,M,,missing\n"
    homes, findings = read_families(data, "f")
    assert [home.name for home in homes] == ["F1", "F3"]
    assert [finding.code for finding in findings] == ["nobody_missing", "sample_shared"]


@pytest.mark.parametrize(
    ("row", "says"), [(b"F9,A,0,0,Q,,\n", "found Q"), (b"F9,A,0,0,M,,lost\n", "lost"), (b",A,0,0,M,,\n", "empty cell")]
)
def test_a_family_row_that_cannot_be_read_is_refused_with_its_row(row, says):
    with pytest.raises(InputError, match=says) as caught:
        read_families(FAMILIES + row, "f")
    assert caught.value.faults[0].place == "row 5"


# ------------------------------------------------------------------ frequencies

STRIDER = b"""<frequencies><marker><name>TH01</name>
<origin name="A" n="100"><frequency allele="6">0.4</frequency><frequency allele="9.3">0.6</frequency></origin>
<origin name="B" n="100"><frequency allele="6">0.5</frequency><frequency allele="9.3">0.5</frequency></origin>
</marker></frequencies>"""


def test_frequency_tables_in_every_form():
    long = read_frequencies(b"locus,allele,frequency\nTH01,6,0.4\nTH01,9.3,0.6\n", "q")
    validator = read_frequencies(b"Marker\tAllele\tFrequency\nTH01\t6\t0.4\nTH01\t9.3\t0.6\n", "q")
    wide = read_frequencies(b"Allele;TH01\n6;0,4\n9.3;0,6\nN;200\n", "q")
    strider = read_frequencies(STRIDER, "q", origin="A")
    assert long == validator == wide == strider
    assert long[0].alleles == ("6", "9.3")


def test_x_loci_are_known_by_name_or_column():
    data = b"locus,allele,frequency,chromosome\nDXS8378,10,1,\nOWN,1,1,X\nTH01,6,1,\n"
    assert [locus.chromosome for locus in read_frequencies(data, "q")] == ["X", "X", "auto"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"locus,allele,frequency\nTH01,6,0.4\n", "sum of 0.4"),
        (b"locus,allele,frequency\nTH01,6,0.4\nTH01,6,0.6\n", "allele twice"),
        (b"locus,allele,frequency\nTH01,6,many\n", "many"),
        (b"locus,allele,frequency\nTH01,6,\n", "empty cell"),
        (b"a,b\n1,2\n", "unknown form"),
        (STRIDER, "2 populations"),
    ],
)
def test_a_frequency_table_that_is_none_is_refused(data, says):
    with pytest.raises(InputError, match=says):
        read_frequencies(data, "q.csv")


# ------------------------------------------------------------------ cases

CASE = {
    "markers": [{"name": "L", "chrom": "auto", "alleles": ["1", "2"], "freqs": [0.5, 0.5]}],
    "hypotheses": {"H1": [{"id": "R", "sex": "M"}], "H2": [{"id": "R", "sex": "M"}]},
    "genotypes": {"R": {"L": ["1", "2"]}},
}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"markers": None}, "markers"),
        ({"genotypes": {"R": {"L": ["1", "7"]}}}, "allele 7"),
        ({"genotypes": {"R": {"K": ["1", "2"]}}}, "unknown locus"),
        ({"genotypes": {"R": {"L": ["1"]}}}, "1 alleles"),
        ({"hypotheses": {"H1": []}}, "H2"),
        ({"theta": 7}, "theta"),
        ({"markers": [{"name": "L", "alleles": ["1", "1"], "freqs": [0.5, 0.5]}]}, "stands twice"),
        ({"markers": [{"name": "L", "alleles": ["1", "2"], "freqs": [0.5, 0.1]}]}, "sum"),
    ],
)
def test_a_case_that_is_none_is_refused_with_its_place(change, says):
    with pytest.raises(InputError, match=says):
        read_case(json.dumps(CASE | change).encode(), "case.json")


def test_what_is_no_json_is_refused():
    with pytest.raises(InputError, match="not JSON"):
        read_case(b"{", "case.json")
