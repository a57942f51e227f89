"""Every kind of page that each role can reach: axe-core, both widths, light and dark, weight, console."""

import pytest

from tests.desk.browser.conftest import AXE, kinds_of_pages, looked_at, member, weight

# What everyone may read is looked at once, as the public sees it; for the others these pages need only answer.
PUBLIC = ("/results", "/record", "/walk", "/enter", "/account/2fa", "/account/password")

ROLES = {
    "public": "",
    "side": "side-ua-1",
    "other side": "side-ru-1",
    "secretariat": "secretariat-1",
    "humanitarian": "humanitarian-1",
    "forensic": "forensic-1",
    "planner": "planner-ua",
    "observer": "observer",
    "host": "host",
    "auditor": "auditor",
    "operator": "operator",
}


@pytest.mark.skipif(AXE is None, reason="no axe-core (npm install): pages were not looked at by it")
@pytest.mark.parametrize(
    "role",  # the sides are equal in code: the other one is looked at among the slow tests
    [pytest.param(role, marks=[pytest.mark.slow] if role == "other side" else []) for role in ROLES],
)
def test_every_kind_of_page_is_sound_for_everyone_who_reaches_it(chromium, address, role, record_property):
    faults, kinds = [], 0
    with member(chromium, address, ROLES[role]) as page:
        page.goto(f"{address}{'/' if ROLES[role] else '/results'}")
        for path, answer in kinds_of_pages(page, address):
            kinds += 1
            if answer.status != 200:
                faults.append(f"{path}: {answer.status}")
                continue
            if weight(answer) > 60_000:
                faults.append(f"{path}: {weight(answer)} bytes compressed, expected at most 60,000")
            if role in {"public", "side"} or not path.startswith(PUBLIC):
                faults += [f"{path}: {fault}" for fault in looked_at(page)]
            page.set_viewport_size({"width": 1280, "height": 900})
        faults += page.said
    record_property("kinds of pages, each at 2 widths in 2 schemes", kinds)
    assert not faults, "\n".join(faults)
    assert kinds >= 3


@pytest.mark.parametrize("role", ["public", "side", "humanitarian", "secretariat"])
def test_the_desk_works_without_script(chromium, address, role):
    with member(chromium, address, ROLES[role], java_script_enabled=False) as page:
        page.goto(f"{address}{'/' if ROLES[role] else '/results'}")
        for link in [a.get_attribute("href") for a in page.locator("nav a").all()]:
            assert page.goto(address + link).status == 200
            assert page.locator("h1").count() == 1
