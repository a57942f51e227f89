"""Of two desks that differ only in what one keeps back, everybody else sees the same, byte for byte, to the end.

Each life is lived twice, with secret acts of one holder in between and without. What the others get is compared: pages,
answers and their status, errors, files, hashes, the record, the work each page took (queries of the database).
"""

import hashlib
import json
import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as law
from hypothesis import strategies as st

from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.talks import demo, drafting, drafts, owing, revisions, signing
from goodoffices.desk.talks.models import Draft, Forum, Position, Text, Version
from goodoffices.desk.talks.telling import notices
from goodoffices.domain.errors import GoodOfficesError
from goodoffices.domain.process import Stance
from goodoffices.engines.talks.consent import Act
from goodoffices.engines.talks.text import unparse, unparse_wording
from tests.desk.conftest import AT, post, viewer

HEAD = "@title T\n@version 1\n@language {}\n@parties RU UA\n"
WORDS = {
    "en": HEAD.format("en")
    + "1.1 exchange [all]{UA}[at least 1,200]{RU} prisoners\n2.1 bodies are returned\n3.1 by sea\n",
    "uk": HEAD.format("uk") + "1.1 обмін [усіх]{UA}[щонайменше 1200]{RU} полонених\n2.1 тіла повертають\n3.1 морем\n",
}
SECRET = {"en": "zyzzyva", "uk": "жужелиця"}
HOLDERS = ("side-ua-1", "side-ru-1", "secretariat-1")
READERS = (*HOLDERS, "host", "observer", "humanitarian-1", "auditor", "")
PAGES = (
    "/", "/talks", "/talks/r3", "/talks/r3/text", "/talks/r3/text?view=changes&since=1", "/talks/r3/text?view=sign",
    "/talks/r3/text?languages=en,uk", "/talks/r3/text/1.1", "/talks/r3/text/2.1", "/talks/r3/text/9.1", "/commitments",
    "/commitments/G1", "/calendar.ics", "/talks/r3/text/export.xml", "/talks/r3/text/export.docx", "/record",
    "/results",
)  # fmt: skip
_NOISE = (
    (re.compile(rb'name="(once|csrfmiddlewaretoken)" value="[^"]*"'), b""),
    (re.compile(rb"\b[0-9a-hjkmnp-tv-z]{12}\b"), b"KEY"),
)


@pytest.fixture
def text(desk, monkeypatch):
    """The text, on a desk whose clock stands still."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)
    demo.forums_open(AT)
    return drafting.text_open(
        forum=Forum.objects.get(code="r3"), title="T", source=WORDS, by=viewer("secretariat-1"), at=AT
    )


def still(answer):
    """What an answer tells, without what is drawn by lot for every page."""
    body = answer.content
    for pattern, by in _NOISE:
        body = pattern.sub(by, body)
    kept = sorted((k, v) for k, v in answer.headers.items() if k not in {"Content-Length", "Set-Cookie", "ETag"})
    return answer.status_code, kept, body


def counted(ask):
    """Give an answer and how many queries it took."""
    connection.queries_log.clear()
    with CaptureQueriesContext(connection) as queries:
        answer = ask()
    return answer, len(queries)


def told(enter, holder, pages=PAGES):
    """What everybody but the holder is told."""
    found = {}
    for name in READERS:
        if name == holder:
            continue
        client = enter(name) if name else Client()
        for page in pages:
            answer, count = counted(lambda: client.get(page))  # noqa: B023  called at once
            found[name, page] = (*still(answer), 0 if page == "/results" else count)  # results stay in memory
    return found


def recorded():
    """What stands in the record, and what the tables that others read from hold."""
    statements = [(s.kind, s.content, s.owner, s.roles, s.by_id) for s in Statement.objects.order_by("number")]
    return statements, list(Version.objects.order_by("number").values_list("number", "act", "clause", "party", "at"))


class Member:
    """One who presses buttons as the pages give them."""

    def __init__(self, enter, name):
        self.client = enter(name)

    def field(self, page, name, form=""):
        body = self.client.get(page).content.decode()
        found = re.search(rf'action="[^"]*{form}".*?name="{name}" value="([^"]*)"', body, re.DOTALL)
        return found[1] if found else ""

    def edit(self, clause, act, **fields):
        page = f"/talks/r3/text/{clause}"
        mark = re.search(r'name="mark" value="([^"]+)"', self.client.get(page).content.decode())
        return post(self.client, f"{page}/{act}", mark=mark[1] if mark else "", **fields)

    def keep_back(self, clause, place, **words):
        return self.edit(
            clause, "wording", place=str(place), **{f"wording_{k}": v for k, v in (words or SECRET).items()}
        )

    def table(self, **more):
        return post(
            self.client, "/talks/r3/text/table", mark=self.field("/talks/r3/text", "mark", "/text/table"), **more
        )

    def freeze(self):
        version = self.field("/talks/r3/text", "version", "/text/freeze")
        return post(self.client, "/talks/r3/text/freeze", event="freeze", version=version)

    def sign(self, act):
        return post(self.client, "/talks/r3/text/sign", act=act, hash=Text.objects.get().frozen_hash)


def whole_life(enter, holder):
    """Give the acts of a text's life that everybody sees, from the first proposal to the commitment that is agreed."""
    chair, left, right = (Member(enter, name) for name in ("secretariat-1", "side-ua-1", "side-ru-1"))
    new = {"source_en": "exchange [all]{UA,RU} the wounded", "source_uk": "обмін [усіх]{UA,RU} поранених"}
    yield from (
        (chair, lambda: chair.edit("2.1", "ground", code="G1", title="Bodies")),
        (chair, chair.freeze),
        (right, lambda: right.edit(
            "1.1", "wording", place="1", wording_en="most", wording_uk="більшість", tabled="on")),
        (left, lambda: left.edit("1.1", "hold", place="1", alternative="3", how="reserve")),
        (right, lambda: right.edit("2.1", "position", stance="accept")),
        (right, lambda: right.edit("9.1", "position", stance="accept")),
        (chair, lambda: chair.edit("1.1", "reword", source_en="open [bracket", source_uk="x")),
        (chair, lambda: chair.edit("1.1", "reword", **new)),
        (chair, lambda: chair.edit("3.1", "reword", source_en="", source_uk="")),
        (chair, lambda: chair.edit("1.1", "settle", place="1")),
        (chair, chair.freeze),
        (right, lambda: right.sign("initial")),
        (left, lambda: left.sign("initial")),
        (chair, lambda: post(chair.client, "/talks/r3/text/freeze", event="thaw")),
        (chair, lambda: chair.edit("2.1", "reword", source_en="bodies go home", source_uk="тіла повертають додому")),
        (chair, chair.freeze),
        (right, lambda: right.sign("sign")),
        (left, lambda: left.sign("sign")),
        (chair, lambda: chair.edit("2.1", "ground", code="G2", title="Bodies again")),
        (right, lambda: post(right.client, "/commitments/G2/answer", reading="all of them", answer="accept")),
        (left, lambda: post(left.client, "/commitments/G2/answer", answer="accept")),
        (chair, lambda: post(chair.client, "/talks/r3/text/publish")),
    )  # fmt: skip


def lived(enter, holder, *, is_secret, look_at=(11, 21)):
    """Live the life; give every answer to the others' acts, and what all others are told after some of them."""
    found = []
    secret = Member(enter, holder)
    with transaction.atomic():
        if is_secret:
            for clause, place in (("1.1", 1), ("1.1", 0), ("2.1", 0), ("3.1", 0), ("9.1", 0)):
                assert secret.keep_back(clause, place).status_code == 302
            assert post(secret.client, "/talks/r3/text/withdraw", draft=Draft.objects.last().id).status_code == 302
            assert secret.keep_back("9.1", 0).status_code == 302
        for number, (member, act) in enumerate(whole_life(enter, holder)):
            answer, count = counted(act)
            if member.client.session.get("_auth_user_id") != secret.client.session.get("_auth_user_id"):
                found.append((number, still(answer), count))
            else:
                found.append((number, answer.status_code))
            if number in look_at:
                found.append((told(enter, holder), Text.objects.values_list("state", "frozen_hash").get()))
        found += [recorded(), Text.objects.get().frozen_hash, len(Version.objects.all())]
        assert Draft.objects.count() == (5 if is_secret else 0), "nothing kept back was lost on the way"
        sources = Version.objects.order_by("-number").first().source
        transaction.set_rollback(True)
    return found, sources


@pytest.mark.parametrize("holder", HOLDERS)
def test_the_whole_life_of_a_text_is_the_same_for_everybody_else(text, enter, holder):
    told(enter, "", ("/", "/talks/r3/text"))  # what is kept in memory of the first version is there for both lives
    with_it, sources = lived(enter, holder, is_secret=True)
    without, _ = lived(enter, holder, is_secret=False)
    for one, two in zip(with_it, without, strict=True):
        if isinstance(one, tuple) and isinstance(one[0], dict):
            assert one[0].keys() == two[0].keys()
            for key in one[0]:
                assert one[0][key] == two[0][key], key
        assert one == two
    done = [one[1][0] if isinstance(one[1], tuple) else one[1] for one in with_it[:-3] if isinstance(one[0], int)]
    assert done == [302, 409, 302, 302, 302, 422, 422, *[302] * 15]
    assert not any(word in json.dumps(sources, ensure_ascii=False) for word in SECRET.values())
    inner = {code: hashlib.sha256(source.encode()).hexdigest() for code, source in sources.items()}
    by_hand = hashlib.sha256(json.dumps(inner, separators=(",", ":"), sort_keys=True).encode()).hexdigest()
    assert with_it[-2] == by_hand, "the hash that was signed is that of the text alone"


@pytest.mark.parametrize("holder", HOLDERS)
def test_to_keep_back_and_table_later_is_for_everybody_else_to_propose_it_then(text, enter, holder):
    own, other = Member(enter, holder), Member(enter, "side-ua-1" if holder != "side-ua-1" else "side-ru-1")
    more = {"wording_en": "nobody", "wording_uk": "нікого"}
    found = []
    for is_kept in (True, False):
        with transaction.atomic():
            if is_kept:
                own.keep_back("1.1", 1, en="line one\r\nline two [sic]", uk="рядок")
            assert other.edit("1.1", "wording", place="1", tabled="on", **more).status_code == 302
            if is_kept:
                assert own.table().status_code == 302
            else:
                words = {"wording_en": "line one\r\nline two [sic]", "wording_uk": "рядок"}
                assert own.edit("1.1", "wording", place="1", tabled="on", **words).status_code == 302
            found.append((told(enter, holder, PAGES[2:9]), recorded(), [v.source for v in Version.objects.all()]))
            assert not Draft.objects.exists()
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert "[nobody]" in found[0][2][-1]["en"]
    assert found[0][2][-1]["en"].index("nobody") < found[0][2][-1]["en"].index("line one")


def test_the_holder_alone_is_told_what_becomes_of_what_it_keeps_back(text, enter):
    own, chair = Member(enter, "side-ua-1"), Member(enter, "secretariat-1")
    for clause, place in (("1.1", 1), ("2.1", 0), ("3.1", 0), ("9.1", 0)):
        assert own.keep_back(clause, place).status_code == 302
    page = own.client.get("/talks/r3/text").content.decode()
    assert page.count("zyzzyva") == 8
    assert "has changed" not in page
    with transaction.atomic():
        one = re.search(r'form="table" name="draft" value="([^"]+)"', page)[1]
        assert own.table(draft=one).status_code == 302
        assert Draft.objects.count() == 3
        assert b"zyzzyva" in chair.client.get("/talks/r3/text/1.1").content
        assert b"zyzzyva" not in chair.client.get("/talks/r3/text/2.1").content
        transaction.set_rollback(True)
    assert b"zyzzyva" in enter("side-ua-2").get("/talks/r3/text/9.1").content
    assert b"zyzzyva" not in own.client.get("/talks/r3/text/export.xml").content
    chair.edit("1.1", "reword", source_en="exchange all prisoners", source_uk="обмін усіх полонених")
    chair.edit("2.1", "reword", source_en="bodies go home", source_uk="тіла додому")
    chair.edit("3.1", "reword", source_en="", source_uk="")
    page = own.client.get("/talks/r3/text").content.decode()
    assert page.count("zyzzyva") == 8
    for words in (
        "The bracket you wrote this for is no longer in clause 1.1", "Clause 2.1 has changed since",
        "Clause 3.1 was deleted", "it can be frozen at any time, without these wordings",
    ):  # fmt: skip
        assert words in page
    assert "the text can be frozen without 4 wordings that you keep back" in own.client.get("/").content.decode()
    assert chair.freeze().status_code == 302
    page = own.client.get("/talks/r3/text").content.decode()
    assert "The frozen text does not have these wordings" in page
    assert page.count("zyzzyva") == 4, "the frozen text is shown as it is"
    assert "/text/table" not in page
    assert "the frozen text is without 4 wordings" in own.client.get("/").content.decode()
    key = re.search(r'name="draft" value="([^"]+)"', page)[1]
    for nobody in ("side-ru-1", "secretariat-1"):
        answers = [post(enter(nobody), "/talks/r3/text/withdraw", draft=each) for each in (key, "0" * 12)]
        assert [answer.status_code for answer in answers] == [409, 409]
        assert still(answers[0]) == still(answers[1])
    assert post(own.client, "/talks/r3/text/withdraw", draft=key).status_code == 302
    assert post(own.client, "/talks/r3/text/withdraw", draft=key).status_code == 409
    assert Draft.objects.count() == 3


def test_of_freezing_and_tabling_at_one_moment_one_wins_and_the_other_is_told(text, enter):
    own, chair = Member(enter, "side-ua-1"), Member(enter, "secretariat-1")
    chair.edit("1.1", "reword", source_en="exchange all prisoners", source_uk="обмін усіх полонених")
    own.keep_back("2.1", 0)
    mark = own.field("/talks/r3/text", "mark", "/text/table")
    version = chair.field("/talks/r3/text", "version", "/text/freeze")
    with transaction.atomic():
        assert post(own.client, "/talks/r3/text/table", mark=mark).status_code == 302
        lost = post(chair.client, "/talks/r3/text/freeze", event="freeze", version=version)
        assert lost.status_code == 409
        assert b"The text has changed since you opened this page" in lost.content
        assert Text.objects.get().state == "draft"
        transaction.set_rollback(True)
    assert post(chair.client, "/talks/r3/text/freeze", event="freeze", version=version).status_code == 302
    lost = post(own.client, "/talks/r3/text/table", mark=mark)
    assert lost.status_code == 409
    assert b"The text was frozen before this was tabled" in lost.content
    assert b"zyzzyva" in lost.content
    assert Draft.objects.count() == 1
    typed = post(
        own.client,
        "/talks/r3/text/2.1/wording",
        mark="x",
        place="0",
        tabled="on",
        wording_en="late",
        wording_uk="пізно",
    )
    assert typed.status_code == 409
    assert b"The text was frozen while you were writing" in typed.content
    assert b"late" in typed.content
    assert "zyzzyva" not in str([v.source for v in Version.objects.all()])


def test_a_stale_hand_on_the_text_is_refused_by_the_services_too(text):
    """Both hold the text as it was before either acted: the second reads its state anew."""
    chair, side = viewer("secretariat-1"), viewer("side-ua-1")
    drafting.clause_reword(text=text, clause="1.1", source={"en": "exchange all", "uk": "обмін усіх"}, by=chair, at=AT)
    drafts.draft_keep(text=text, clause="2.1", place=0, wording=SECRET, by=side, at=AT)
    stale = Text.objects.get()
    signing.text_freeze(text=text, by=chair, at=AT)
    with pytest.raises(GoodOfficesError, match="frozen"):
        drafts.drafts_table(text=stale, drafts=revisions.drafts_of(side, stale), by=side, at=AT)
    assert Text.objects.get().frozen_hash == text.frozen_hash
    assert Draft.objects.count() == 1


def test_what_was_looked_at_is_what_is_tabled(text, enter):
    own, chair = Member(enter, "side-ua-1"), Member(enter, "secretariat-1")
    assert own.table().status_code == 409
    own.keep_back("1.1", 1)
    mark = own.field("/talks/r3/text", "mark", "/text/table")
    chair.edit("1.1", "reword", source_en="all [of them]{UA}", source_uk="усіх [їх]{UA}")
    answer = post(own.client, "/talks/r3/text/table", mark=mark)
    assert answer.status_code == 409
    assert b"What you would table, or its clause, has changed" in answer.content
    assert own.table().status_code == 302
    assert "1.1 all [of them]{UA} [zyzzyva]{UA}" in Version.objects.order_by("number").last().source["en"]


@pytest.mark.parametrize(
    ("source", "words"),
    [({"en": "all [x]{UA?}", "uk": "усі [х]{UA?}"}, "{chair?} alone"),
     ({"en": "all [x]{chair?} here", "uk": "усі [х]{chair?} тут"}, "beside brackets, or at the end"),
     ({"en": "all [x]{chair?}", "uk": "усі"}, "the same in every language"),
     ({"en": "all", "uk": ""}, "the clause in every language")],
)  # fmt: skip
def test_the_chair_keeps_back_only_its_own_and_the_same_in_every_language(text, enter, source, words):
    answer = Member(enter, "secretariat-1").edit("2.1", "reword", source_en=source["en"], source_uk=source["uk"])
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Draft.objects.exists()


def test_a_bridge_that_the_chair_writes_into_a_clause_is_kept_apart(text, enter):
    chair = Member(enter, "secretariat-1")
    words = {"source_en": "all [a]{UA}[b [c]{RU}]{chair?}", "source_uk": "усі [а]{UA}[б [ц]{RU}]{chair?}"}
    assert chair.edit("1.1", "reword", **words).status_code == 302
    assert "chair" not in Version.objects.order_by("number").last().source["en"]
    assert b"b " in chair.client.get("/talks/r3/text/1.1").content
    assert chair.table().status_code == 302
    assert "1.1 all [a]{UA}[b [c]{RU}]{chair}" in Version.objects.order_by("number").last().source["en"]


def seen_by(name, text):
    """What one reader has of the text: documents, what is open, notices; words kept back too."""
    by = viewer(name)
    shown = revisions.text_view(by, Text.objects.get(), "en")
    return (
        [{code: unparse(document) for code, document in view.items()} for view in (shown.own, shown.documents)],
        (shown.revision, shown.places, shown.counts, len(shown.drafts)),
        [(n.key, n.values, n.address) for n in notices(by, AT)],
        [(number, v.act, v.clause, v.party) for number, v in revisions.history(text)],
    )


_SIDES = st.sampled_from(["side-ua-1", "side-ru-1"])
_CLAUSES = st.sampled_from(["1.1", "2.1", "3.1", "9.1"])
_PLACES = st.integers(0, 2)
_NOTATIONS = st.sampled_from(
    ["", "all", "all [a]{UA}[b]{RU}", "[a]{UA,RU} now", "x [a [n]{RU}]{UA} y [d]{RU}", "[]{UA}[all]{RU}"]
)
_ACTS = st.one_of(
    st.tuples(st.just("propose"), _SIDES, _CLAUSES, _PLACES),
    st.tuples(st.sampled_from(["join", "reserve", "leave"]), _SIDES, _CLAUSES, _PLACES, st.integers(1, 3)),
    st.tuples(st.just("settle"), st.just("secretariat-1"), _CLAUSES, _PLACES),
    st.tuples(st.just("reword"), st.just("secretariat-1"), _CLAUSES, _NOTATIONS),
    st.tuples(st.sampled_from(["freeze", "thaw"]), st.just("secretariat-1")),
    st.tuples(st.just("position"), _SIDES, _CLAUSES),
    st.tuples(st.just("ground"), st.just("secretariat-1"), _CLAUSES),
    st.tuples(st.just("sign"), _SIDES),
)
_SECRETS = st.lists(st.tuples(st.sampled_from(["keep", "keep", "withdraw"]), _CLAUSES, _PLACES), max_size=3)


def do(text, act, name, *more):
    """Do one act that everybody sees; give what comes of it, an error's words too."""
    by, both = viewer(name), lambda words: dict.fromkeys(("en", "uk"), words)
    common = {"by": by, "at": AT}
    try:
        with transaction.atomic():
            if act == "propose":
                drafting.wording_propose(text=text, clause=more[0], place=more[1], wording=both("w"), **common)
            elif act in {"join", "reserve", "leave"}:
                drafting.wording_hold(text=text, clause=more[0], place=more[1], alternative=more[2], how=act, **common)
            elif act == "settle":
                drafting.clause_settle(text=text, clause=more[0], place=more[1], **common)
            elif act == "reword":
                drafting.clause_reword(text=text, clause=more[0], source=both(more[1]), **common)
            elif act == "position":
                drafting.position_take(text=text, about=more[0], stance=Stance.ACCEPT, reason="", cure="", **common)
            elif act == "ground":
                made = owing.commitment_ground(
                    text=text, clause=more[0], code=f"H{more[0]}", title="T", due=None, **common
                )
                return made.text_hash
            elif act == "sign":
                signing.text_sign(text=text, act=Act.INITIAL, hash=text.frozen_hash, **common)
            else:
                getattr(signing, f"text_{act}")(text=text, **common)
    except GoodOfficesError as error:
        return str(error)
    except IntegrityError as error:
        return type(error).__name__
    return "done"


def do_in_secret(text, holder, act, clause, place):
    """Keep something back, or withdraw what was kept back."""
    by = viewer(holder)
    try:
        with transaction.atomic():
            if act == "keep":
                drafts.draft_keep(text=text, clause=clause, place=place, wording=SECRET, by=by, at=AT)
            elif kept := revisions.drafts_of(by, text):
                drafts.draft_withdraw(text=text, key=kept[0].row.id, by=by)
    except GoodOfficesError:
        return


@law(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.tuples(_ACTS, _SECRETS), min_size=1, max_size=8), st.sampled_from(HOLDERS))
def test_whatever_is_done_nobody_else_can_tell_that_something_is_kept_back(text, life, holder):
    found = []
    for is_secret in (True, False):
        with transaction.atomic():
            text = Text.objects.get()
            told_of = []
            for act, secrets in life:
                for secret in secrets if is_secret else ():
                    do_in_secret(text, holder, *secret)
                count = Draft.objects.count()
                told_of.append(do(text, *act))
                told_of.append([seen_by(name, text) for name in HOLDERS if name != holder])
                assert Draft.objects.count() == count, "no act of anybody else loses what is kept back"
                own = revisions.text_view(viewer(holder), text, "en")
                for code, word in SECRET.items():
                    times = count if revisions.is_open(text) else 0
                    assert unparse(own.own[code]).count(word) == times
                    assert sum(unparse_wording(d.kept.wording[code]) == word for d in own.drafts) == count
            told_of += [recorded(), Text.objects.values_list("state", "frozen_hash").get()]
            told_of.append(sorted(Position.objects.values_list("about", "stance")))
            found.append(told_of)
            transaction.set_rollback(True)
    assert found[0] == found[1]


def test_every_export_is_the_same_down_to_the_bytes_of_the_pdf(text, enter):
    own = Member(enter, "side-ua-1")
    pages = [f"/talks/r3/text/export.{form}" for form in ("pdf", "docx", "xml")]
    before = [enter(name).get(page).content for name in HOLDERS for page in pages]
    own.keep_back("1.1", 1)
    Member(enter, "secretariat-1").keep_back("1.1", 1)
    assert [enter(name).get(page).content for name in HOLDERS for page in pages] == before
    assert all(before)


def test_a_deletion_kept_back_stands_as_one_and_is_tabled_as_one(text, enter):
    own = Member(enter, "side-ua-1")
    assert own.keep_back("1.1", 1, en="", uk="").status_code == 302
    assert own.keep_back("2.1", 0, en=" ").status_code == 302
    assert own.keep_back("2.1", 0, en="only one language").status_code == 422
    assert own.keep_back("2.1", 1).status_code == 422
    assert own.client.get("/talks/r3/text/1.1").content.count(b"(delete)") == 4
    assert own.table().status_code == 302
    assert "[all]{UA}[at least 1,200]{RU}[]{UA}" in Version.objects.order_by("number").last().source["en"]
