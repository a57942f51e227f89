"""The offline pages in a real browser, from file://, against what the command line makes."""

import json
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest

from goodoffices.domain.canonical import sha256_hex
from goodoffices.engines.ledger.keyfile import KeyFile, wrap
from goodoffices.engines.ledger.note import COSIGNATURE, open_note
from goodoffices.engines.ledger.policy import parse_policy
from goodoffices.formats.offline import offline_pages
from goodoffices.verify.__main__ import main as verify_main
from tests.cli.ledger_world import World, call

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium: the offline pages were not driven in a browser"
)
DOCS = Path(__file__).parents[2] / "docs" / "ledger.md"


def test_the_pages_are_one_file_each_without_network_and_the_same_every_time():
    first = offline_pages()
    assert first == offline_pages()
    for page in first.values():
        assert "default-src 'none'" in page.replace("&#x27;", "'")
        assert "unsafe-eval" not in page
        assert "http://" not in page
        assert "https://" not in page
        assert " src=" not in page


def test_the_published_hashes_are_those_of_the_pages():
    docs = DOCS.read_text(encoding="utf-8")
    for name, page in offline_pages().items():
        assert f"{sha256_hex(page.encode())}  {name}" in docs


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    world = World(folder).start()
    content = {
        "kind": "handover",
        "quantity": 1200,
        "unit": "handed_over",
        "from": "A",
        "to": "B",
        "place": "crossing c1",
    }
    world.state(content, statement="s-1", kind="custody_step")
    world.checkpoint()
    world.cosign()
    closed = json.loads(world.key("A", "statement").read_text())
    key = KeyFile.parse(json.dumps(closed).encode()).open()
    wrapped = wrap("statement", key, passphrase="пароль 1", salt=bytes(16), nonce=bytes(12))  # noqa: S106  a test key
    (folder / "wrapped.key").write_bytes(wrapped.write())
    for name, page in offline_pages().items():
        (folder / name).write_text(page, encoding="utf-8")
    return world


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@contextmanager
def page_of(browser, path):
    context = browser.new_context(locale="uk-UA", offline=True)
    page = context.new_page()
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(path.as_uri())
    yield page
    assert said == []
    context.close()


def ask(world, statement="s-1", role="A", old=0):
    out = world.folder / f"browser-{role}-{old}.json"
    assert world.ledger(
        "ask", world.log, "--statement", statement, "--role", role, "--old", old, "--vault", world.vault, "--out", out
    ) == 0  # fmt: skip
    return out


@needs_browser
def test_a_party_reads_checks_and_signs_in_the_browser_and_the_log_accepts_it(world, browser):
    with page_of(browser, world.folder / "sign.html") as page:
        page.set_input_files("#request", ask(world))
        page.set_input_files("#key", world.folder / "wrapped.key")
        page.click("#check")
        page.wait_for_selector("#found p.bad")  # no state, and not said to be the first
        page.check("#first")
        page.click("#check")
        page.wait_for_selector("#sign:not([hidden])")
        shown = page.inner_text("#found")
        for part in ("Етап ланцюга", "1\u202f200", "передано", "crossing c1", "Вміст відповідає запису"):
            assert part in shown
        page.click("[data-language=tr]")
        page.click("#check")
        page.wait_for_selector("#sign:not([hidden])")
        assert "teslim edildi" in page.inner_text("#found")
        page.fill("#passphrase", "wrong")
        page.click("#sign")
        page.wait_for_selector("#done p.bad")
        page.fill("#passphrase", "пароль 1")
        page.click("#sign")
        page.wait_for_selector("#signed")
        signed, state = page.text_content("#signed"), page.text_content("#kept")
    out = world.folder / "by-cli.json"
    assert call("sign", ask(world), "--key", world.key("A", "statement"), "--out", out, "--yes",
                "--state", world.folder / "cli.state") == 0  # fmt: skip
    assert signed.encode() == out.read_bytes()  # byte for byte what the command line signs
    assert state.encode() == (world.folder / "cli.state").read_bytes()
    (world.folder / "a.state").write_text(state)
    (world.folder / "signed.json").write_text(signed)
    world.append(world.folder / "signed.json")
    world.checkpoint()
    world.cosign()
    assert world.verify() == 0


@needs_browser
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"quantity":1200', '"quantity":120', "content"),
        ('"old":2', '"old":1', "made for"),
        ("index 1", "index 0", "inclusion"),
        ('"role":"A"', '"role":"C"', "key"),
    ],
)
def test_the_page_refuses_what_was_tampered_with(world, browser, old, new, said):
    request = ask(world, old=2)
    text = request.read_text()
    assert old in text
    (world.folder / "bad.json").write_text(text.replace(old, new))
    head = json.loads(text)["receipt"].split("\n\n")[1].split("\n")
    del head
    state = world.folder / "two.state"
    if not state.exists():
        kept = next(world.party["A"].glob("a.example_witness.state")).read_text().split("\n")[0]
        state.write_text(kept + "\n")
    with page_of(browser, world.folder / "sign.html") as page:
        page.set_input_files("#request", world.folder / "bad.json")
        page.set_input_files("#state", state)
        page.click("#check")
        page.wait_for_selector("#found p.bad")
        assert said in page.inner_text("#found p.bad")
        assert page.is_hidden("#sign")


@needs_browser
def test_the_page_notices_a_record_that_was_rewritten(world, browser):
    state = world.folder / "other.state"
    state.write_text('{"origin":"goodoffices.example/ledger","root":"' + "ab" * 32 + '","size":2}\n')
    with page_of(browser, world.folder / "sign.html") as page:
        page.set_input_files("#request", ask(world, old=2))
        page.set_input_files("#state", state)
        page.click("#check")
        page.wait_for_selector("#found p.bad")
        assert "consistency" in page.inner_text("#found p.bad")


@needs_browser
def test_a_witness_cosigns_in_the_browser(world, browser):
    request = world.folder / "head.txt"
    assert world.ledger("request", world.log, "--out", request) == 0
    with page_of(browser, world.folder / "sign.html") as page:
        page.set_input_files("#request", request)
        page.set_input_files("#policy", world.log / "policy")
        page.set_input_files("#key", world.key("B", "witness"))
        page.check("#first")
        page.click("#check")
        page.wait_for_selector("#sign:not([hidden])")
        page.click("#sign")
        page.wait_for_selector("#signed")
        line = page.text_content("#signed")
    policy = parse_policy((world.log / "policy").read_text())
    text = (world.log / "checkpoint").read_text().rpartition("\n\n")[0] + "\n"
    opened = open_note(f"{text}\n{line}".encode(), policy.witnesses.values())
    assert [key.kind for key in opened.verified] == [COSIGNATURE]


@needs_browser
def test_the_verifier_page_agrees_with_the_verifier(world, browser):
    proof = world.folder / "proof.txt"
    assert world.ledger("prove", world.log, "--index", 1, "--out", proof) == 0
    assert verify_main([str(proof), "--policy", str(world.log / "policy")]) == 0
    with page_of(browser, world.folder / "verify.html") as page:
        page.set_input_files("#policy", world.log / "policy")
        page.set_input_files("#proof", proof)
        page.click("#check")
        page.wait_for_selector("#found p.good")
        assert "neutral.example/witness" in page.inner_text("#found")
        page.set_input_files("#proof", [])
        text = proof.read_text()
        page.fill("#text", text)
        page.click("#check")
        page.wait_for_selector("#found p.good")
        page.fill("#text", text.replace("index 1", "index 0"))
        page.click("#check")
        page.wait_for_selector("#found p.bad")
