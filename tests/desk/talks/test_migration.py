"""A desk that was opened before untabled wordings had rows of their own keeps them."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from goodoffices.desk.ids import new_id
from goodoffices.desk.talks import demo, revisions
from goodoffices.desk.talks.models import Draft, Forum, Text
from tests.desk.conftest import AT, viewer

HEAD = "@title T\n@parties RU UA\n"
OPEN = {"en": HEAD + "1.1 exchange [all]{UA}[some]{RU}[bridge]{chair?}\n"}
HIDDEN = {"en": HEAD + "1.1 exchange [all]{UA}[some]{RU}[bridge]{chair?}[mine]{UA?} [more]{UA?}\n9.1 [new]{RU?}\n"}


def to(name):
    executor = MigrationExecutor(connection)
    executor.migrate([("talks", name)])
    return MigrationExecutor(connection).loader.project_state([("talks", name)]).apps


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_what_was_kept_back_inside_the_text_becomes_rows_of_its_holders(desk):
    demo.forums_open(AT)
    forum, newest = (
        Forum.objects.get(code="r3").id,
        MigrationExecutor(connection).loader.graph.leaf_nodes("talks")[0][1],
    )
    before = to("0002_no_field_without_a_page")
    try:
        version = before.get_model("talks", "Version")
        version.sealed_owner = lambda self: "desk"
        text = before.get_model("talks", "Text").objects.create(
            id=new_id(), forum_id=forum, title="T", authentic=["en"], state="draft"
        )
        for number, (source, party, is_hidden) in enumerate(((OPEN, "DESK", False), (HIDDEN, "UA", True)), 1):
            version.objects.create(
                id=new_id(), text=text, number=number, source=source, act="open", party=party, hidden=is_hidden, at=AT
            )
    finally:
        to(newest)
    kept = sorted((d.party_id, d.holder, d.clause, d.place, d.wording["en"]) for d in Draft.objects.all())
    neutral = viewer("secretariat-1").party
    assert kept == sorted([
        (neutral, "chair", "1.1", 1, "bridge"), ("UA", "UA", "1.1", 1, "mine"), ("UA", "UA", "1.1", 0, "more"),
        ("RU", "RU", "9.1", 0, "new"),
    ])  # fmt: skip
    shown = revisions.text_view(viewer("side-ua-1"), Text.objects.get(), "en")
    assert shown.revision == 1
    assert sorted((d.place, d.standing) for d in shown.drafts) == [(0, "same"), (1, "same")]
    assert "bridge" not in str(shown.own)
