"""The page of the day in a real browser, from file:// and without network: what two devices sign, the desk merges."""

import json
import shutil
from contextlib import contextmanager

import pytest

from goodoffices.domain.handover import Say
from goodoffices.domain.process import Role
from goodoffices.engines.ledger.keyfile import plain, wrap
from goodoffices.flow.handover.merge import merge
from goodoffices.flow.handover.signed import receive, sign
from goodoffices.formats.daypage import day_page, slip
from tests.flow.handover.making import KEYS, STRANGER, made_day

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium: the page of the day was not driven in a browser")
DAY = made_day(6)


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("day")
    for role in Role:
        (folder / f"{role}.html").write_text(day_page(DAY, role), encoding="utf-8")
        (folder / f"{role}.key").write_bytes(plain("statement", KEYS[role]).write())
    (folder / "stranger.key").write_bytes(plain("statement", STRANGER).write())
    wrapped = wrap("statement", KEYS[Role.GIVER], passphrase="сім", salt=bytes(16), nonce=bytes(12))  # noqa: S106  a test key
    (folder / "wrapped.key").write_bytes(wrapped.write())
    return folder


class Tablet:
    """One device at the line."""

    def __init__(self, page, folder, role):
        self.page, self.folder, self.role = page, folder, role
        page.goto((folder / f"{role}.html").as_uri())
        page.wait_for_selector("#what:not(:empty), #said .bad")

    def tap(self, number, act):
        code = next(item.code for item in DAY.items if item.number == str(number))
        for digit in code:
            self.page.click(f"[data-key='{digit}']")
        self.page.click(f"[data-act={act}]")
        self.page.wait_for_selector("#said .good")

    def sign(self, *, act=False, key=None, passphrase=""):
        self.page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
        self.page.evaluate("document.getElementById('done').replaceChildren()")
        self.page.set_input_files("#key", self.folder / (key or f"{self.role}.key"))
        self.page.fill("#passphrase", passphrase)
        self.page.click("#act" if act else "#sign")
        self.page.wait_for_selector("#done > p")
        signed = self.page.query_selector("#signed")
        return signed.text_content().encode() if signed else self.page.inner_text("#done")

    def there(self):
        return self.page.inner_text("#there")


@contextmanager
def tablet(browser, folder, role=Role.NEUTRAL, *, init="", locale="en-GB"):
    context = browser.new_context(locale=locale, offline=True, viewport={"width": 390, "height": 844})
    if init:
        context.add_init_script(init)
    page = context.new_page()
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield Tablet(page, folder, role)
    assert said == []
    context.close()


def taken(data):
    found = receive(data, DAY)
    assert not found.problems
    return found


def test_two_devices_without_network_count_apart_and_merge_without_loss(browser, folder):
    with tablet(browser, folder) as one, tablet(browser, folder, locale="uk-UA") as two:
        for number in (1, 2, 3):
            one.tap(number, "counted")
        for number in (4, 5, 6):
            two.tap(number, "counted")
        two.tap(3, "missing")
        assert "На місці: 3 із 6" in two.there()
        files = [taken(one.sign()), taken(two.sign())]
        for order in (files, files[::-1], files * 2):
            merged = merge(DAY, order)
            assert len(merged.kept) == 7
            assert [conflict.item for conflict in merged.conflicts] == ["3"]
        two.tap(3, "counted")  # names its own word of before
        files.append(taken(two.sign()))
        merged = merge(DAY, files)
        assert not merged.conflicts
        assert all(says == (Say.COUNTED,) for says in merged.said(Role.NEUTRAL).values())
        assert len(merged.kept) == 8


def test_what_the_page_signs_is_byte_for_byte_what_the_library_signs(browser, folder):
    with tablet(browser, folder, Role.GIVER) as one:
        one.page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
        one.page.click("[data-place=arrived]")
        one.page.click("[data-place=met]")
        for number, act in enumerate(("counted", "missing", "seal_broken", "does_not_go", "counted", "counted"), 1):
            one.tap(number, act)
        one.page.fill("#words", "Автобус 2\nстоїть «там»")
        one.page.click("[data-words=objection]")
        one.page.wait_for_selector("#said .good")
        data = one.sign(act=True, key="wrapped.key", passphrase="сім")  # noqa: S106  a test key
    found = taken(data)
    assert data == sign(DAY, found.statements, KEYS[Role.GIVER])
    assert [one.say.value for one in found.statements] == [
        "arrived", "met", "counted", "missing", "seal_broken", "does_not_go", "counted", "counted", "objection",
        "act_signed",
    ]  # fmt: skip
    assert found.statements[8].words == "Автобус 2 стоїть «там»"


def test_a_reload_keeps_all_and_undo_is_a_statement_of_its_own(browser, folder):
    with tablet(browser, folder) as one:
        one.tap(1, "counted")
        one.tap(1, "missing")
        assert "0 of 6" in one.there()
        one.page.click("#undo")
        one.page.wait_for_selector("#there:has-text('1 of 6')")
        one.page.reload()
        one.page.wait_for_selector(
            "#there:has-text('1 of 6')"
        )  # a busy browser hands on what was written a moment later
        one.tap(2, "counted")
        found = taken(one.sign())
    assert [one.say.value for one in found.statements] == ["counted", "missing", "undo", "counted"]
    merged = merge(DAY, [found])
    assert merged.said(Role.NEUTRAL)["1"] == (Say.COUNTED,)


def test_a_code_with_a_wrong_digit_is_refused_and_a_scanned_slip_is_taken(browser, folder):
    with tablet(browser, folder) as one:
        code = DAY.items[0].code
        one.page.type("#code", code[:-1] + str((int(code[-1]) + 1) % 10))
        assert "wrong" in one.page.inner_text("#chosen.bad")
        one.page.fill("#code", "")
        one.page.type("#code", slip(DAY, code))
        one.page.press("#code", "Enter")
        assert "Number 1" in one.page.inner_text("#chosen")
        one.page.fill("#code", "")
        one.page.type("#code", f"goodoffices:slip:another:{code}")
        one.page.press("#code", "Enter")
        assert "another transfer" in one.page.inner_text("#chosen.bad")
        one.page.fill("#code", "")
        one.page.type("#code", "000000")
        assert "not on this manifest" in one.page.inner_text("#chosen.bad")
        one.page.keyboard.type(DAY.items[1].code)  # the next code takes the place of the refused one
        assert "Number 2" in one.page.inner_text("#chosen")
        for digit in "000000" + DAY.items[2].code:
            one.page.click(f"[data-key='{digit}']")
        assert "Number 3" in one.page.inner_text("#chosen")


def test_an_act_is_not_signed_while_a_number_is_open_nor_with_another_key(browser, folder):
    with tablet(browser, folder) as one:
        assert "nothing to sign" in one.sign()
        one.tap(1, "counted")
        assert "5 numbers are not yet counted" in one.sign(act=True)
        assert "not one of this role" in one.sign(key="stranger.key")
        assert "not one of this role" in one.sign(key="giver.key")
        one.page.select_option("#scope", "observed")
        assert taken(one.sign(act=True)).statements[-1].say is Say.ACT_SIGNED
        assert len(taken(one.sign(act=True)).statements) == 2  # the same act is not said twice


def test_a_browser_that_keeps_nothing_says_so_and_the_count_travels_as_a_file(browser, folder):
    broken = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('no'); }});"
    with tablet(browser, folder, init=broken) as one:
        assert "keeps nothing" in one.page.inner_text("#store")
        one.tap(1, "counted")
        one.page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
        one.page.click("#save")
        with one.page.expect_download() as got:
            one.page.click("#saved a")
        got.value.save_as(folder / "day.count")
    with tablet(browser, folder) as two:
        two.page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
        two.page.set_input_files("#load", folder / "day.count")
        two.page.wait_for_selector("#saved .good")
        two.tap(2, "counted")
        found = taken(two.sign())
        assert [one.item for one in found.statements] == ["1", "2"]
        text = (folder / "day.count").read_text().replace('"item":"1"', '"item":"4"')
        (folder / "bad.count").write_text(text.replace('"n":1', '"n":2'))
        two.page.set_input_files("#load", folder / "bad.count")
        two.page.wait_for_selector("#saved .bad")
        (folder / "apart.count").write_text(text)
        two.page.set_input_files("#load", folder / "apart.count")
        two.page.wait_for_selector("#saved .bad:has-text('apart')")
        assert len(taken(two.sign()).statements) == 2


def test_a_browser_that_cannot_sign_says_so_and_still_counts(browser, folder):
    old = "crypto.subtle.generateKey = async () => { throw new Error('no'); };"
    with tablet(browser, folder, init=old) as one:
        one.page.wait_for_selector("#cannot:not([hidden])")
        assert "cannot sign" in one.page.inner_text("#cannot")
        one.tap(1, "counted")
        assert "1 of 6" in one.there()
        assert one.page.is_disabled("#act")
    none = "Object.defineProperty(crypto, 'subtle', {value: undefined});"
    with tablet(browser, folder, init=none) as two:
        assert "or paper" in two.page.inner_text("#said .bad")


def test_what_was_changed_in_the_store_is_shown_and_not_used(browser, folder):
    with tablet(browser, folder) as one:
        one.tap(1, "counted")
        one.tap(2, "counted")
        one.page.evaluate(
            """() => { for (const key of Object.keys(localStorage)) if (key.endsWith("/1"))
                localStorage.setItem(key, localStorage.getItem(key).replace("counted", "missing")); }"""
        )
        one.page.reload()
        one.page.wait_for_selector("#damaged .bad")
        assert "missing" in one.page.inner_text("#damaged pre")
        one.tap(3, "counted")
        assert [one.item for one in taken(one.sign()).statements] == ["3"]


def test_a_second_window_of_the_same_count_makes_no_fork(browser, folder):
    context = browser.new_context(locale="en-GB", offline=True)
    first, second = (Tablet(context.new_page(), folder, Role.RECEIVER) for _ in range(2))
    first.tap(1, "counted")
    second.page.wait_for_selector("#there:has-text('1 of 6')")
    second.tap(2, "counted")
    found = taken(second.sign())
    assert [(one.n, one.item) for one in found.statements] == [(1, "1"), (2, "2")]
    context.close()


@pytest.mark.slow
def test_a_manifest_of_1200_numbers_is_counted_to_the_end(browser, tmp_path):
    day = made_day(1_200)
    (tmp_path / "page.html").write_text(day_page(day, Role.NEUTRAL), encoding="utf-8")
    context = browser.new_context(locale="tr-TR", offline=True)
    page = context.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    page.wait_for_selector("#what:not(:empty)")
    page.evaluate(
        """async () => { for (const item of DAY.items) { choose(item); act("counted"); await queue; } }"""
    )  # the page's own functions, as a tap calls them
    assert "1\u202f200 / 1\u202f200" in page.inner_text("#there")
    page.reload()
    page.wait_for_selector("#bar[value='1200']")
    stored = page.evaluate("Object.values(localStorage)")
    lines = [json.loads(line) for line in stored if line.startswith("{")]
    assert len(lines) == 1_200
    context.close()
