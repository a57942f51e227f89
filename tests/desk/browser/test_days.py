"""Each of the five users through a day at the desk, in a browser, as a person would: reading, typing, pressing.

The days of the lists are one test, for one follows from the other.
"""

import json
import re

import pytest

from tests.desk.browser.conftest import member, press

FAULTY = "ref;surname;given_name;birth_date\nA-1;Ковальчук;Остап;2091-01-01\nA-1;Лисенко;Марко;1990-05-06\n"
SOUND = "ref;surname;given_name;birth_date;sex\n" + "".join(
    f"A-{n};{surname};{given};{1980 + n}-0{n}-1{n};m\n"
    for n, (surname, given) in enumerate(
        [("Ковальчук", "Остап"), ("Лисенко", "Марко"), ("Гнатюк", "Юрій"), ("Шевчук", "Тарас")], 1
    )
)
SOUGHT = "ref;surname;given_name;birth_date;sex\n" + "".join(
    f"B-{n};{surname};{given};{1980 + n}-0{n}-1{n};m\n"
    for n, (surname, given) in enumerate(
        [("Ковальчук", "Остап"), ("Лысенко", "Марк"), ("Гнатюк", "Юрий"), ("Шевчук", "Тарас")], 1
    )
)


def send_list(page, address, title, kind, data):
    """Send a file, say yes to what was understood, seal it."""
    page.goto(f"{address}/lists/new")
    page.fill("#id_title", title)
    page.select_option("#id_kind", kind)
    page.set_input_files("#id_file", {"name": f"{title}.csv", "mimeType": "text/csv", "buffer": data.encode()})
    press(page, "main form button")
    wait_for_job(page, "check")


def wait_for_job(page, word):
    """Follow a job's page until it leads to what it found."""
    page.wait_for_url(re.compile(word), timeout=60_000)
    for _ in range(60):
        if page.locator("a[href^='/jobs/']").count() == 0:
            return
        page.goto(page.locator("a[href^='/jobs/']").first.evaluate("a => a.href"))
        page.wait_for_url(lambda url: "/jobs/" not in url, timeout=60_000)


def release_to(page, address, audience, second):
    """Ask that a list's fields be released; the second member approves."""
    press(page, page.get_by_role("link", name="Release").first)
    page.get_by_label(audience).check()
    press(page, "main form button.danger")
    with second() as other:
        other.goto(f"{address}/releases")
        press(other, "section.card a")
        press(other, other.get_by_role("button", name="Approve"))
        assert other.locator(".notice").count()


@pytest.fixture(scope="module")
def world(chromium, address):
    """Open members one after another in the one workspace."""
    return lambda username="", **options: member(chromium, address, username, **options)


def delegation_sends(world, address):
    with world("side-ua-1") as page:
        assert page.locator("h1").inner_text() == "Today"
        send_list(page, address, "held in June", "held", FAULTY)
        assert "2091-01-01" in page.content()
        assert page.get_by_role("button", name="Take").count() == 0
        page.goto(f"{address}/lists")
        send_list(page, address, "held in July", "held", SOUND)
        press(page, "form[action$=accept] button")
        wait_for_job(page, "/lists/")
        page.goto(f"{address}/lists")
        press(page, page.get_by_role("link", name="held in July"))
        press(page, "a[href$=seal]")
        press(page, "main form button")
        page.goto(f"{address}/lists")
        press(page, page.get_by_role("link", name="held in July"))
        release_to(page, address, "The desk (invented)", lambda: world("side-ua-2"))
        page.goto(f"{address}/reads")
        assert page.locator("h1").count() == 1
        assert not page.said


def other_side_sends(world, address):
    with world("side-ru-1") as page:
        page.goto(f"{address}/lists")
        assert "held in July" not in page.content()
        send_list(page, address, "sought in July", "sought", SOUGHT)
        press(page, "form[action$=accept] button")
        wait_for_job(page, "/lists/")
        page.goto(f"{address}/lists")
        press(page, page.get_by_role("link", name="sought in July"))
        press(page, "a[href$=seal]")
        press(page, "main form button")
        page.goto(f"{address}/lists")
        press(page, page.get_by_role("link", name="sought in July"))
        release_to(page, address, "The desk (invented)", lambda: world("side-ru-2"))


def officer_compares(world, address):
    with world("humanitarian-1") as page:
        page.goto(f"{address}/pairs/link")
        for name, owner in (("left", "Ukraine"), ("right", "Russian Federation")):
            options = page.locator(f"#id_{name} option", has_text=owner).all()
            kind = "held" if name == "left" else "sought"
            chosen = [one for one in options if kind in one.inner_text().lower() and "(4, " in one.inner_text()]
            assert len(chosen) == 1
            page.select_option(f"#id_{name}", chosen[0].get_attribute("value"))
        press(page, "main form button.btn")
        page.wait_for_url(lambda url: "/jobs/" not in url, timeout=120_000)
        run = page.url
        page.goto(f"{run}&verdict=link")
        first = page.locator("#lines tbody a").first
        assert first.count() == 1
        press(page, first)
        assert page.locator("svg").count() >= 1
        decided = page.url
        with page.expect_navigation():
            page.keyboard.press("y")
        page.goto(decided)
        assert page.locator("ol.list li").count() == 1
        page.goto(run)
        with page.expect_navigation():
            page.keyboard.press("u")
        page.goto(decided)
        assert page.locator("ol.list li").count() == 2
        page.goto(run)
        page.keyboard.press("/")
        page.keyboard.type("Kovalchuk")
        from playwright.sync_api import expect

        expect(page.locator("#lines")).to_contain_text("овальчук", timeout=30_000)
        assert not page.said


def delegation_sees_reads(world, address):
    with world("side-ua-2") as page:
        page.goto(f"{address}/reads")
        text = page.locator("main").inner_text()
        assert "humanitarian-1" in text
        assert "Ковальчук" not in text


def test_lists_are_sent_by_two_delegations_compared_by_keyboard_and_the_owner_sees_who_read_them(world, address):
    """One day follows from the other, so they are one test: nothing shuffles them, no other process takes one away."""
    delegation_sends(world, address)
    other_side_sends(world, address)
    officer_compares(world, address)
    delegation_sees_reads(world, address)


def test_the_secretariat_asks_what_is_still_open_and_who_holds_it(world, address):
    with world("secretariat-1") as page:
        page.goto(f"{address}/talks/r3/text")
        assert "What is open, and who holds it" in page.content()
        press(page, page.locator(".clause a.num", has_text="4.1"))
        assert page.locator("text=alternative 1 of").count() >= 1
        page.goto(f"{address}/lists")
        assert "Ковальчук" not in page.content()
        page.goto(f"{address}/commitments")
        assert page.locator("tbody tr").count() >= 5
        with page.expect_download() as download:
            page.get_by_role("link", name="Calendar file").click()
        assert download.value.suggested_filename.endswith(".ics")


def vote_yes(page, address, path):
    """Vote yes on a candidate as the member whose page it is."""
    page.goto(f"{address}{path}")
    assert page.locator(".gate.met").count() == 1
    page.check("#vote [name=agrees][value=yes]")
    press(page, "#vote form button.btn")
    assert page.locator(".errors").count() == 0


def test_a_forensic_coordinator_leads_a_case_to_a_finding_that_two_members_make(world, address):
    with world("forensic-1") as page:
        page.goto(f"{address}/remains")
        page.goto(f"{address}/remains/board")
        waiting = page.locator("main a[href^='/remains/candidate/']").evaluate_all(
            "all => all.map(one => one.getAttribute('href'))"
        )
        for path in waiting:
            page.goto(f"{address}{path}")
            if page.locator(".gate.met").count() and not page.locator("#vote ul.list").count():
                break
        assert not page.locator("#vote ul.list").count(), "the demo leaves a candidate on which nobody has voted"
        case = page.locator(".crumbs a[href^='/remains/case/']").get_attribute("href")
        page.goto(f"{address}{case}")
        assert page.locator(f"main a[href='{path}']").count() == 1
        assert page.locator("svg, table").count() >= 1
        vote_yes(page, address, path)
        page.goto(f"{address}{case}")
        assert "waits for a second" in page.locator("main").inner_text().lower()
        state = page.locator("dl.facts .tag").first.inner_text()
        assert state != "identified"
        with world("forensic-2") as second:
            vote_yes(second, address, path)
            second.goto(f"{address}{case}")
            assert second.locator("dl.facts .tag").first.inner_text() == "identified"
        assert not page.said
    for username, allowed in (("secretariat-1", False), ("humanitarian-1", False), ("", False)):
        with world(username) as page:
            assert (page.goto(f"{address}{case}").status == 200) is allowed
    with world("side-ua-1") as one, world("side-ru-1") as other:
        assert {one.goto(f"{address}{case}").status, other.goto(f"{address}{case}").status} == {200, 404}


def test_a_journalist_asks_who_says_so_and_checks_it(world, address):
    with world() as page:
        page.goto(f"{address}/results")
        assert page.locator("h1").count() == 1
        press(page, "main a[href^='/results/C']")
        assert "https://" in page.content()
        answer = page.request.get(f"{address}/results.json")
        if answer.status == 404:
            answer = page.request.get(f"{address}/results/results.json")
        assert answer.status == 200
        assert json.loads(answer.text())["counts"]
        page.goto(f"{address}/record")
        assert "cosign" in page.content().lower()
        for closed in ("/lists", "/pairs", "/remains", "/people", "/reads"):
            assert page.goto(address + closed).status == 404
