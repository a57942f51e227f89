"""Exchanges at the desk: terms in words, plans as jobs, the audit, signatures, lottery, repair; who sees whom."""

import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from goodoffices.desk.exchange import selectors, services
from goodoffices.desk.exchange.models import Draw, Exchange, Half, Plan, Signature
from goodoffices.desk.exchange.records import lists_of, plan_of, terms_of
from goodoffices.desk.jobs.models import Job
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.parties.models import Reading
from goodoffices.desk.parties.selectors import releases_in_force
from goodoffices.desk.parties.services import release_revoke
from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.errors import InputError, TransitionError, VerificationError
from goodoffices.engines.audit.exchange import audit
from tests.desk.conftest import post, viewer
from tests.desk.exchange.making import composed, own_people, signed
from tests.desk.lists.making import work_off

TERMS = {
    "on": "2025-08-14", "minimum_RU": "5", "minimum_UA": "5", "balance": "equal", "civilians_RU": "1",
    "all_for_all": ["seriously_wounded_or_ill"], "rank_groups": "captain, major", "priority_1": "women",
    "priority_2": "longest_held", "seats": "40 40", "per_site": "20", "balanced": "on", "retained": "on",
}  # fmt: skip


@pytest.fixture
def exchange(desk):
    """An exchange with a plan nobody has signed."""
    return composed()


def address(exchange, rest=""):
    return f"/exchange/{exchange.id}{rest}"


def signed_as(sha256):
    exchange = Exchange.objects.get()
    return services.plan_sign(exchange=exchange, sha256=sha256, by=viewer("side-ua-1"), at=timezone.now())


def test_every_page_stands_in_four_languages_for_whom_the_table_names(exchange, enter):
    pages = ["", "/options", "/compare", "/leg/1", "/leg/2"]
    for username in ("side-ua-1", "side-ru-1", "humanitarian-1", "secretariat-1"):
        client = enter(username)
        for language in ("en", "uk", "ru", "tr") if username == "side-ua-1" else ("en",):
            for page in pages:
                assert client.get(address(exchange, page), {"lang": language}).status_code == 200
    for username in ("planner-ua", "forensic-1", "observer", "host", "operator", "auditor"):
        client = enter(username)
        for page in ("", "/leg/1", "/options", "/terms", "/stays", "/sign", "/repair"):
            assert client.get(address(exchange, page)).status_code == 404
    for username in ("side-ua-1", "secretariat-1"):
        for page in ("/terms", "/repair"):
            assert enter(username).get(address(exchange, page)).status_code == 404
    assert enter("secretariat-1").get(address(exchange, "/sign")).status_code == 404


def test_a_side_sees_its_own_people_and_of_the_other_half_numbers_alone(exchange, enter):
    own, other = own_people(exchange, "UA"), own_people(exchange, "RU")
    assert own
    assert other
    seen = "".join(
        enter("side-ua-1").get(address(exchange, page)).content.decode()
        for page in ("", "/leg/1", "/leg/2", "/leg/3", "/stays", "/compare")
    )
    assert all(ref in seen for ref in own)
    assert sum(name in seen for name in own.values() if name) == sum(1 for name in own.values() if name)
    assert not any(ref in seen for ref in other)
    assert enter("side-ua-1").get(address(exchange, "/list/UA.pdf")).status_code == 200
    for address_ in ("/list/RU.pdf", "/list/DESK.pdf"):
        assert enter("side-ua-1").get(address(exchange, address_)).status_code == 404
    assert enter("humanitarian-1").get(address(exchange, "/list/UA.pdf")).status_code == 404
    assert enter("side-ua-1").get(address(exchange, "/leg/1/manifest/RU.pdf")).content[:4] == b"%PDF"
    counts = enter("secretariat-1").get(address(exchange, "/leg/1")).content.decode()
    assert not any(ref in counts for ref in [*own, *other])
    assert enter("secretariat-1").get(address(exchange, "/stays")).status_code == 404


def test_the_neutral_sees_the_released_fields_and_each_read_is_noted(exchange, enter):
    Reading.objects.all().delete()
    page = enter("humanitarian-1").get(address(exchange, "/leg/1")).content.decode()
    assert any(ref in page for ref in own_people(exchange, "UA"))
    assert not any(name in page for name in own_people(exchange, "UA").values() if name)
    assert "not released" in page
    assert set(Reading.objects.values_list("owner", flat=True)) == {"UA", "RU"}
    for release in releases_in_force(timezone.now()).filter(owner="UA"):
        release_revoke(release=release, by=viewer("side-ua-1"), at=timezone.now())
    page = enter("humanitarian-1").get(address(exchange, "/leg/1")).content.decode()
    assert not any(ref in page for ref in own_people(exchange, "UA"))
    answer = post(enter("humanitarian-1"), address(exchange, "/compose"))
    assert answer.status_code == 422


def test_plans_and_halves_lie_sealed_under_their_owners_keys(exchange):
    refs = [*own_people(exchange, "UA"), *own_people(exchange, "RU")]
    with connection.cursor() as cursor:
        found = b""
        for table, column in (("exchange_plan", "body"), ("exchange_half", "people"), ("exchange_plan", "shown")):
            cursor.execute(f"SELECT {column} FROM {table}")  # noqa: S608  names of this test
            found += b"".join(bytes(row[0]) for row in cursor.fetchall())
    assert not any(ref.encode() in found for ref in refs)
    assert {half.sealed_owner() for half in Half.objects.all()} == {"UA", "RU"}
    assert not any(ref in str(Job.objects.values_list("address", "stage")) for ref in refs)
    contents = [str(statement.content) for statement in Statement.objects.all()]
    assert not any(ref in text for ref in refs for text in contents)


def test_the_audit_holds_and_is_shown_and_a_plan_that_was_changed_is_refused(exchange, enter):
    plan = selectors.standing(exchange)
    assert plan.shown["verdict"]["holds"]
    page = enter("side-ru-1").get(address(exchange)).content.decode()
    assert "The plan keeps to the terms." in page
    assert "checks hold" in page
    lists = lists_of(exchange)
    broken = plan.body.replace(next(iter(own_people(exchange, "UA"))), "UK-999999")
    assert not audit(plan.terms.encode(), broken.encode(), lists.sealed).holds
    Plan.objects.filter(id=plan.id).update(kind="composed")
    row = Plan.objects.get(id=plan.id)
    row.body = broken
    row.save(update_fields=["body"])
    post(enter("humanitarian-1"), address(exchange, "/audit"))
    work_off()
    page = enter("side-ru-1").get(address(exchange)).content.decode()
    assert "The plan does not keep to the terms." in page
    assert "UK-999999" not in page
    with pytest.raises(TransitionError, match="refuses"):
        services.plan_sign(exchange=exchange, sha256=plan.sha256, by=viewer("side-ua-1"), at=timezone.now())


def test_work_asked_for_twice_is_done_once(exchange, enter):
    client, before = enter("humanitarian-1"), Plan.objects.count()
    first = post(client, address(exchange, "/compose"))
    second = post(client, address(exchange, "/compose"))
    assert first.headers["Location"] == second.headers["Location"]
    work_off()
    assert Plan.objects.count() == before + 1
    assert Half.objects.filter(plan=selectors.standing(exchange)).count() == 2
    row = selectors.standing(exchange)
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.create(
            id="other", exchange=exchange, owner=row.owner, number=99, kind="composed", terms="", base="", body="x",
            sha256="", shown={}, job=row.job, by_id=row.by_id, at=row.at,
        )  # fmt: skip


def test_both_signatures_agree_a_plan_a_repeat_changes_nothing_and_a_new_plan_needs_new_ones(exchange, enter):
    own, other = enter("side-ua-1"), enter("side-ru-1")
    plan = selectors.standing(exchange)
    page = own.get(address(exchange, "/sign")).content.decode()
    assert re.search(r'name="hash" value="([0-9a-f]+)"', page)[1] == plan.sha256
    assert post(own, address(exchange, "/sign"), hash="0" * 64).status_code == 409
    for _ in range(2):
        assert post(own, address(exchange, "/sign"), hash=plan.sha256).status_code == 302
    assert Signature.objects.count() == 1
    assert not Statement.objects.filter(kind="plan_agreed").exists()
    assert post(enter("humanitarian-1"), address(exchange, "/sign"), hash=plan.sha256).status_code == 404
    assert "waits for your signature" in other.get("/").content.decode()
    assert post(other, address(exchange, "/sign"), hash=plan.sha256).status_code == 302
    agreed = Statement.objects.get(kind="plan_agreed")
    assert agreed.roles == ["RU", "UA"]
    assert agreed.content["plan_sha256"] == plan.sha256
    assert "signed by both sides" in own.get(address(exchange)).content.decode()
    post(enter("humanitarian-1"), address(exchange, "/terms"), **TERMS)
    with pytest.raises(TransitionError, match="others since"):
        services.plan_sign(
            exchange=Exchange.objects.get(), sha256=plan.sha256, by=viewer("side-ua-1"), at=timezone.now()
        )
    post(enter("humanitarian-1"), address(exchange, "/compose"))
    work_off()
    newer = selectors.standing(Exchange.objects.get())
    assert newer.number == plan.number + 1
    assert not newer.signatures.exists()
    with pytest.raises(VerificationError, match="another plan"):
        services.plan_sign(
            exchange=Exchange.objects.get(), sha256=plan.sha256, by=viewer("side-ua-1"), at=timezone.now()
        )


def test_the_form_writes_the_contracts_terms_and_says_what_it_cannot_read(exchange, enter):
    client = enter("humanitarian-1")
    assert post(client, address(exchange, "/terms"), **TERMS).status_code == 302
    terms = terms_of(Exchange.objects.get().terms)
    assert terms.minimum == {"RU": 5, "UA": 5}
    assert terms.all_for_all == ("seriously_wounded_or_ill",)
    assert terms.order == ("women", "longest_held")
    assert terms.legs.seats == (40, 40)
    assert terms.retained_apart
    page = client.get(address(exchange)).content.decode()
    assert "TERMS.toml" in page
    assert "seriously wounded or ill" in page
    for name, value in (("rank_groups", "captain, wizard"), ("seats", "many"), ("priority_2", "women"), ("on", "x")):
        answer = post(client, address(exchange, "/terms"), **{**TERMS, name: value})
        assert answer.status_code == 422
        assert value in answer.content.decode()


def test_terms_that_clash_stand_beside_each_other_with_what_each_would_have_to_give(exchange, enter):
    client = enter("humanitarian-1")
    post(client, address(exchange, "/terms"), **{**TERMS, "minimum_UA": "5000", "minimum_RU": "6"})
    post(client, address(exchange, "/compose"))
    work_off()
    row = selectors.standing(Exchange.objects.get())
    assert row.kind == "infeasible"
    assert row.shown["clash"]["infeasible"] == ["numbers.minimum.UA"]
    relief = row.shown["reliefs"][0]
    assert relief["how"] == "lower"
    page = enter("side-ua-1").get(address(exchange)).content.decode()
    assert "Would have to come down from 5\u202f000" in page
    assert "numbers.minimum.UA" in page
    post(client, address(exchange, "/terms"), **{**TERMS, "minimum_UA": str(relief["to"]), "minimum_RU": "6"})
    post(client, address(exchange, "/compose"))
    work_off()
    assert selectors.standing(Exchange.objects.get()).kind == "composed"
    with pytest.raises(TransitionError):
        services.plan_sign(exchange=exchange, sha256=row.sha256, by=viewer("side-ua-1"), at=timezone.now())


def test_options_are_points_that_can_be_read_and_one_taken(exchange, enter):
    client = enter("humanitarian-1")
    post(client, address(exchange, "/options/find"))
    work_off()
    page = enter("side-ua-1").get(address(exchange, "/options")).content.decode()
    assert "<svg" in page
    option = Plan.objects.filter(kind="option").first()
    assert option.id in page
    assert option.shown["verdict"]["holds"]
    assert enter("side-ru-1").get(address(exchange, f"/plan/{option.id}")).status_code == 200
    assert post(enter("side-ru-1"), address(exchange, f"/plan/{option.id}/take")).status_code == 404
    assert post(client, address(exchange, f"/plan/{option.id}/take")).status_code == 302
    taken = selectors.standing(Exchange.objects.get())
    assert taken.sha256 == option.sha256
    assert signed(Exchange.objects.get()).signatures.count() == 2


def test_the_lottery_takes_the_hash_first_and_the_text_later(exchange, enter):
    own, other = enter("side-ua-1"), enter("side-ru-1")
    texts = {"UA": "seed of the first side 1", "RU": "seed of the other side 2"}
    assert post(own, address(exchange, "/draw/commit"), commit="no hash").status_code == 422
    assert post(own, address(exchange, "/draw/commit"), commit=sha256_hex(texts["UA"].encode())).status_code == 302
    assert post(own, address(exchange, "/draw/commit"), commit="a" * 64).status_code == 409
    assert post(own, address(exchange, "/draw/reveal"), reveal=texts["UA"]).status_code == 409
    assert post(enter("humanitarian-1"), address(exchange, "/compose")).status_code == 422
    assert post(other, address(exchange, "/draw/commit"), commit=sha256_hex(texts["RU"].encode())).status_code == 302
    assert post(own, address(exchange, "/draw/reveal"), reveal="another text than that").status_code == 422
    assert post(own, address(exchange, "/draw/reveal"), reveal=texts["UA"]).status_code == 302
    assert "seed of the first" not in other.get(address(exchange)).content.decode()
    assert post(other, address(exchange, "/draw/reveal"), reveal=texts["RU"]).status_code == 302
    assert Draw.objects.filter(revealed_at__isnull=False).count() == 2
    post(enter("humanitarian-1"), address(exchange, "/compose"))
    work_off()
    plan = selectors.standing(exchange)
    assert plan_of(plan).seed is not None
    assert plan.shown["verdict"]["holds"]
    kinds = set(Statement.objects.values_list("kind", flat=True))
    assert {"lottery_commit", "lottery_reveal"} <= kinds


def test_a_repair_changes_little_and_asks_for_new_signatures(exchange, enter):
    signed(exchange)
    client, plan = enter("humanitarian-1"), selectors.standing(exchange)
    assert post(client, address(exchange, "/repair"), after="1", gone_UA="", gone_RU="").status_code == 422
    post(client, address(exchange, "/repair"), after="0", gone_UA="NOBODY", gone_RU="")
    work_off()
    assert Job.objects.order_by("-asked_at").first().state == "failed"
    ref = plan_of(plan).legs[1].release["UA"][0]
    answer = post(client, address(exchange, "/repair"), after="1", gone_UA="2/1", gone_RU="")
    assert answer.status_code == 302
    work_off()
    new = selectors.standing(exchange)
    assert new.kind == "repaired"
    assert plan_of(new).legs[0] == plan_of(plan).legs[0]
    assert ref not in [one for leg in plan_of(new).legs for one in leg.release["UA"]]
    assert new.shown["verdict"]["holds"]
    assert not new.signatures.exists()
    assert ref in enter("side-ua-1").get(address(exchange, "/stays")).content.decode()
    assert ref not in enter("side-ru-1").get(address(exchange, "/stays")).content.decode()


def test_an_exchange_rests_on_sealed_and_released_lists_and_a_closed_commitment(exchange, enter):
    client = enter("humanitarian-1")
    page = client.get("/exchange/new").content.decode()
    version = exchange.holdings.get(party="UA").version
    assert version.id in page
    answer = post(client, "/exchange/new", title="x", commitment=exchange.commitment_id, list_UA="nothing", list_RU="")
    assert answer.status_code == 422
    with pytest.raises(InputError):
        services.exchange_open(
            title="x", commitment=exchange.commitment, versions={"UA": version}, by=viewer("humanitarian-1"),
            at=timezone.now(),
        )  # fmt: skip
    versions = {holding.party_id: holding.version_id for holding in exchange.holdings.all()}
    answer = post(
        client, "/exchange/new", title="Second", commitment=exchange.commitment_id,
        **{f"list_{party}": key for party, key in versions.items()},
    )  # fmt: skip
    assert answer.status_code == 302
    assert Exchange.objects.filter(title="Second").exists()


def test_a_key_that_is_no_exchange_or_another_ones_plan_is_not_there(exchange, enter):
    second = Exchange.objects.create(
        title="s", owner="DESK", commitment=exchange.commitment, commitment_hash="", terms="", by_id=exchange.by_id,
        at=timezone.now(),
    )  # fmt: skip
    plan = selectors.standing(exchange)
    client = enter("side-ua-1")
    assert client.get("/exchange/000000000000").status_code == 404
    assert client.get(address(second, f"/plan/{plan.id}")).status_code == 404
    assert client.get(address(exchange, "/leg/9")).status_code == 404
    assert client.get(address(second, "/leg/1")).status_code == 404
