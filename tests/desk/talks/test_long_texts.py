"""A long text is read part by part, whole articles together; every clause is in one part and nothing is lost."""

import re

from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from goodoffices.desk.talks import drafting, services
from goodoffices.desk.talks.textparts import A_PART, parts_of
from tests.desk.conftest import viewer

ARTICLES = st.lists(st.integers(0, 90), max_size=12).map(
    lambda sizes: [f"{article}.{clause}" for article, size in enumerate(sizes, 1) for clause in range(1, size + 1)]
)


@settings(deadline=None)
@given(ARTICLES, st.data())
def test_every_clause_is_in_one_part_and_articles_are_cut_only_where_they_must(clauses, data):
    parts, _ = parts_of(clauses, {}, "")
    seen = []
    for part in parts:
        again, here = parts_of(clauses, {}, part.first)
        assert [one.first for one in again if one.is_here] == [part.first]
        assert part.first in here
        assert part.last in here
        assert len(here) <= A_PART or len(parts) == 1
        seen += [number for number in clauses if number in here]
    assert seen == clauses
    if clauses:
        asked = data.draw(st.sampled_from(clauses))
        assert asked in parts_of(clauses, {}, asked)[1]
    for article in {number.partition(".")[0] for number in clauses}:
        whole = [number for number in clauses if number.partition(".")[0] == article]
        holding = [part for part in parts if set(parts_of(clauses, {}, part.first)[1]) & set(whole)]
        assert len(holding) == 1 or len(whole) > A_PART


def long_text():
    by, at = viewer("secretariat-1"), timezone.now()
    forum = services.forum_open(
        code="r9", kind="round", title="Round nine", members=["UA", "RU"], online=False, order=9, by=by, at=at
    )
    lines = [f"{number // 20 + 1}.{number % 20 + 1} Clause [one]{{RU}}[two]{{UA}} {number}" for number in range(200)]
    source = "\n".join(["@parties RU UA", *lines]) + "\n"
    return drafting.text_open(forum=forum, title="A long text", source={"en": source}, by=by, at=at)


def test_a_long_text_is_read_part_by_part(desk, enter):
    long_text()
    client = enter("side-ua-1")
    first = client.get("/talks/r9/text").content.decode()
    assert 'id="c1.1"' in first
    assert 'id="c4.1"' not in first
    assert re.search(r"(\d+) places open", first)[1] == "200"
    found, address = [], "/talks/r9/text"
    while address:
        page = client.get(address).content.decode()
        found += re.findall(r'id="c([\d.]+)"', page)
        following = re.search(r'rel="next" href="(\?[^"]+)"', page)
        address = following and "/talks/r9/text" + following[1].replace("&amp;", "&")
    assert found == [f"{number // 20 + 1}.{number % 20 + 1}" for number in range(200)]
    assert 'id="c7.3"' in client.get("/talks/r9/text?at=7.3").content.decode()
    assert 'id="c7.3"' in client.get("/talks/r9/text?view=sign&at=7.3").content.decode()
    assert "no clause 77.3" in client.get("/talks/r9/text?at=77.3").content.decode()
    assert "/talks/r9/text?at=7.3" in client.get("/talks/r9/text/7.3").content.decode()
