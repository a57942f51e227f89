"""Pages of the kinship part: a report per pair for the reconciliation board, and a transfer rung by rung."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from goodoffices.domain.kin import Finding, Household
from goodoffices.formats.page import Html, Page, join, render, tag
from goodoffices.formats.pedigree_svg import draw
from goodoffices.formats.words import Language, Words, number

_STYLE = """
svg.pedigree{max-width:100%;height:auto;display:block}
svg.pedigree .kin{fill:none;stroke:var(--mute);stroke-width:1.5}
svg.pedigree .who{fill:var(--card);stroke:var(--ink);stroke-width:2}
svg.pedigree .typed{fill:var(--accent)}
svg.pedigree .ring{fill:none;stroke:var(--neg);stroke-width:2}
svg.pedigree text{fill:var(--ink);font-size:13px}
.facts{display:grid;grid-template-columns:auto 1fr;gap:.35rem 1.2rem;margin:0}
.facts dt{color:var(--mute)}
.facts dd{margin:0;font-variant-numeric:tabular-nums}
.verdict{border-inline-start:4px solid var(--neg);padding:.6rem .9rem;background:var(--card);font-weight:600}
.verdict.ok{border-inline-start-color:var(--ok)}
.wide{overflow-x:auto}
td.bad{color:var(--neg);font-weight:700}
"""


@dataclass(frozen=True, slots=True)
class Marker:
    """One locus of a report.

    Attributes
    ----------
    name
        Locus.
    remains
        Alleles seen in the remains.
    relatives
        Person and alleles.
    lr
        Likelihood ratio.
    """

    name: str
    remains: str
    relatives: tuple[tuple[str, str], ...]
    lr: float


@dataclass(frozen=True, slots=True)
class Report:
    """What one report shows.

    Attributes
    ----------
    sample, person
        Whom it is about.
    household
        The family.
    markers
        Locus by locus.
    log10, other_bits
        Weight of DNA, and bits of other evidence.
    posterior, joint_posterior, threshold
        Alone, all together, and what is asked for.
    prior
        Kind of the prior and its numbers.
    rule, lacking
        Condition met; codes of what is lacking.
    mismatches, close
        Loci impossible without mutation; typed close relatives.
    lines
        (kind, verdict, compared, different) of Y-STR and mtDNA.
    mutation, theta
        The model.
    findings
        Noticed about sample or family.
    steps
        (field, bits before, bits after): the prior, every source of evidence, the total.
    """

    sample: str
    person: str
    household: Household
    markers: tuple[Marker, ...]
    log10: float
    other_bits: float
    posterior: float
    joint_posterior: float
    threshold: float
    prior: tuple[str, int, int]
    rule: str
    lacking: tuple[str, ...]
    mismatches: int
    close: int
    lines: tuple[tuple[str, str, str, str], ...]
    mutation: str
    theta: float
    findings: tuple[Finding, ...] = ()
    steps: tuple[tuple[str, float, float], ...] = ()


def report_page(report: Report, language: Language) -> str:
    """Write one report as a whole HTML document."""
    words = Words("kinship", language)
    body = join(
        [
            tag("h1", words("title")),
            tag(
                "p",
                words("lead", sample=report.sample, person=report.person, family=report.household.name),
                class_="lead",
            ),
            _verdict(report, words),
            tag(
                "section",
                tag("h2", words("hypotheses")),
                tag("p", tag("strong", "H1 "), words("h1", person=report.person, family=report.household.name)),
                tag("p", tag("strong", "H2 "), words("h2")),
                class_="card",
            ),
            tag(
                "section",
                tag("h2", words("pedigree")),
                draw(report.household.people, typed=set(report.household.samples), missing=report.household.missing),
                tag("p", words("pedigree_key"), class_="sub"),
                class_="card",
            ),
            _figures(report, words),
            _markers(report, words),
            _limits(report, words),
        ]
    )
    return render(Page(f"{words('title')} {report.sample}", body, language, foot=words("invented"), style=_STYLE))


def _verdict(report: Report, words: Words) -> Html:
    if not report.lacking:
        return tag("p", words("verdict_ready", rule=words(f"rule_{report.rule}")), class_="verdict ok")
    lacking = "; ".join(words(f"lacking_{code}", threshold=_share(report.threshold)) for code in report.lacking)
    return tag("p", words("verdict_lacking", lacking=lacking), class_="verdict")


def _share(value: float) -> str:
    return f"{100 * value:.6g} %"


def _posterior(value: float, words: Words) -> str:
    """Write a probability near one by what it lacks."""
    if value > 0.9999 and value < 1:
        return words("below_one", rest=f"{1 - value:.2g}")
    return "> 1 − 10⁻¹⁵" if value >= 1 else f"{value:.6g}"


def _figures(report: Report, words: Words) -> Html:
    bits = report.log10 / math.log10(2)
    kind, missing, size = report.prior
    lines = "; ".join(
        f"{name}: {words(verdict)} ({compared}, {different})" for name, verdict, compared, different in report.lines
    )
    facts = [
        (words("dna"), join(["10", tag("sup", number(report.log10, 2)), f" · {words('bits', n=number(bits, 1))}"])),
        (words("other"), words("bits", n=number(report.other_bits, 1))),
        (words("prior"), words(f"prior_{kind}", missing=missing, size=size)),
        (words("posterior"), _posterior(report.posterior, words)),
        (words("joint_posterior"), _posterior(report.joint_posterior, words)),
        (words("threshold"), _share(report.threshold)),
        (words("close"), str(report.close)),
        (words("lines"), lines or words("not_compared")),
    ]
    pairs = join(Html(tag("dt", name) + tag("dd", value)) for name, value in facts)
    shown = waterfall(report.steps, words) if report.steps else ""
    return tag("section", tag("h2", words("figures")), tag("dl", pairs, class_="facts"), shown, class_="card")


def waterfall(steps: Sequence[tuple[str, float, float]], words: Words) -> Html:
    """Draw prior, every source of evidence and the total on one scale of bits."""
    finite = [bits for _, start, stop in steps for bits in (start, stop) if math.isfinite(bits)]
    low, high = min([0.0, *finite]), max([1.0, *finite])

    def at(bits: float) -> float:
        return 300 * (min(max(bits, low), high) - low) / (high - low)

    rows = []
    for field, start, stop in steps:
        look = {"prior": "w-pri", "total": "w-tot"}.get(field, "w-pos" if stop >= start else "w-neg")
        left, right = sorted((at(start), at(stop)))
        bar = tag("rect", x=f"{left:.1f}", y=3, width=f"{max(right - left, 1):.1f}", height=14, class_=look)
        zero = tag("line", x1=f"{at(0):.1f}", x2=f"{at(0):.1f}", y1=0, y2=20, class_="w-zero")
        name = words(f"step_{field}") if words.has(f"step_{field}") else field
        value = number(stop - start, 1) if math.isfinite(stop - start) else "−∞"
        svg = tag("svg", zero, bar, viewBox="0 0 300 20", preserveAspectRatio="none", aria_hidden="true")
        cells = (tag("th", name, scope="row"), tag("td", value, class_="n"), tag("td", svg))
        rows.append(tag("tr", *cells, class_="tot" if field == "total" else None))
    head = tag(
        "tr",
        tag("th", words("source"), scope="col"),
        tag("th", words("in_bits"), scope="col", class_="n"),
        tag("td", class_="wfc"),
    )
    return tag("table", tag("thead", head), tag("tbody", *rows), class_="wf")


def _markers(report: Report, words: Words) -> Html:
    people = list(dict.fromkeys(name for marker in report.markers for name, _ in marker.relatives))
    head = tag(
        "tr",
        tag("th", words("locus"), scope="col"),
        tag("th", words("remains"), scope="col"),
        *(tag("th", name, scope="col") for name in people),
        tag("th", words("lr"), scope="col", class_="n"),
    )
    rows = []
    for marker in report.markers:
        seen = dict(marker.relatives)
        shown = f"{marker.lr:.4g}"
        rows.append(
            tag(
                "tr",
                tag("th", marker.name, scope="row"),
                tag("td", marker.remains),
                *(tag("td", seen.get(name, "·")) for name in people),
                tag("td", shown, class_="n bad" if marker.lr < 0.01 else "n"),
            )
        )
    caption = words("compared", n=len(report.markers), mismatches=report.mismatches)
    table = tag("table", tag("caption", caption), tag("thead", head), tag("tbody", *rows))
    return tag("section", tag("h2", words("markers")), tag("div", table, class_="wide"), class_="card")


def _limits(report: Report, words: Words) -> Html:
    items = [words("model_mutation", mutation=report.mutation, theta=f"{report.theta:g}")]
    items += [words(key) for key in ("limit_table", "limit_relatives", "limit_linked", "limit_names")]
    items += [str(finding) for finding in report.findings]
    return tag("section", tag("h2", words("model")), tag("ul", *(tag("li", item) for item in items)), class_="card")


def ladder_page(rungs: Sequence[tuple[str, int, int | None]], values: Mapping[str, object], language: Language) -> str:
    """Write a transfer rung by rung.

    Parameters
    ----------
    rungs
        (key, found, truth); truth is None where it does not apply.
    values
        Values of the notes' names.
    language
        Of the page.
    """
    words = Words("kinship", language)
    most = max(found for _, found, _ in rungs) or 1
    rows = [
        tag(
            "tr",
            tag("th", words(f"rung_{key}"), scope="row"),
            tag("td", number(found), class_="n", data_l=words("found")),
            tag("td", "·" if truth is None else number(truth), class_="n", data_l=words("truth")),
            tag("td", _bar(found / most), class_="prog"),
            tag("td", words(f"note_{key}", **values), class_="sub"),
        )
        for key, found, truth in rungs
    ]
    head = tag(
        "tr",
        tag("th", words("rung"), scope="col"),
        tag("th", words("found"), scope="col", class_="n"),
        tag("th", words("truth"), scope="col", class_="n"),
        tag("th", "", scope="col"),
        tag("th", words("note"), scope="col"),
    )
    body = join(
        [
            tag("h1", words("ladder_title")),
            tag("p", words("ladder_lead"), class_="lead"),
            tag("section", tag("table", tag("thead", head), tag("tbody", *rows), class_="stack"), class_="card"),
        ]
    )
    return render(Page(words("ladder_title"), body, language, foot=words("invented"), style=_STYLE))


def _bar(share: float) -> Html:
    bar = tag("rect", x=0, y=4, width=f"{200 * share:.1f}", height=14, class_="b-ok")
    return tag(
        "svg",
        tag("rect", x=0, y=4, width=200, height=14, class_="b-rest"),
        bar,
        viewBox="0 0 200 22",
        class_="bar",
        aria_hidden="true",
    )
