"""A desk with the demo's data, served as people get it, and a browser that looks at it."""

import fcntl
import gzip
import os
import re
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.desk.serving import Server, python, tables

ROOT = Path(__file__).parents[3]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = next(
    (
        path
        for path in (ROOT / "node_modules/axe-core/axe.min.js", Path(os.environ.get("AXE_CORE", "-")))
        if path.is_file()
    ),
    None,
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_BUILD = "import django; django.setup()\nfrom goodoffices.desk.demo import build\nbuild()"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
_SHOWN = """JSON.stringify([...document.querySelectorAll('body *')].map(one => {
    const {x, y, width, height} = one.getBoundingClientRect(); return [x, y, width, height] }))"""


def pytest_collection_modifyitems(items):
    """Without chromium these tests are skipped, and counted."""
    mark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium: the desk was not driven in a browser")
    for item in items:
        if Path(item.fspath).parent == Path(__file__).parent:
            item.add_marker(mark)


@pytest.fixture(scope="session")
def built(tmp_path_factory, worker_id):
    """The demo workspace, built once for all processes of this run; each process then writes in a copy of its own."""
    base = tmp_path_factory.getbasetemp()
    shared = (base if worker_id == "master" else base.parent) / "browser-desk"
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "built").exists():
            tables(shared / "desk")
            python(_BUILD, shared / "desk", GOODOFFICES_DEMO_SCALE="0.05")
            (shared / "built").touch()
    return shutil.copytree(shared / "desk", tmp_path_factory.mktemp("workspace") / "desk")


@pytest.fixture(scope="session")
def worker_id(request):
    """Name of this process of the run."""
    return getattr(request.config, "workerinput", {}).get("workerid", "master")


@pytest.fixture(scope="session")
def address(built, tmp_path_factory):
    """Where the demo desk is served."""
    server = Server(built, tmp_path_factory.mktemp("served") / "log").start()
    yield f"http://127.0.0.1:{server.port}"
    server.kill()


@pytest.fixture(scope="module")
def chromium():
    """One browser a module: another module may open its own, and two cannot be open in one process."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def member(chromium, address, username="", **options):
    """A page of one member in a browser context of its own; what the console says is kept in `page.said`."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, **options)
    page = context.new_page()
    page.said = []
    page.on("console", lambda message: page.said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.said.append(str(error)))
    if username:
        page.goto(f"{address}/enter")
        press(page, f'form[action="/enter/{username}"] button')
    yield page
    context.close()


def press(page, what):
    """Press what leads to another page, and be there: on a busy machine the old page stands for a while."""
    with page.expect_navigation():
        (page.locator(what).first if isinstance(what, str) else what).click()


def violations(page, rules):
    """What axe-core finds on the page as it is shown, by rules of some tags or by single rules."""
    script = """async (rules) => (await axe.run(document, {runOnly: rules, resultTypes: ['violations']}))
        .violations.map(one => one.id + ': ' + one.nodes.slice(0, 3).map(node => node.target.join(' ') + ' '
            + (node.any[0] || node.all[0] || node.none[0] || {message: ''}).message).join(' | '))"""
    found = page.evaluate(script, rules)
    return sorted(found)


def looked_at(page):
    """Look at a page at both widths, light and dark: what axe-core finds, and what does not fit a phone.

    Every rule looks at it in light; in dark those that see colours, or all if anything is not where it was in light.
    """
    faults = []
    if AXE is not None:
        page.evaluate(AXE.read_text(encoding="utf-8"))
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
            faults.append(f"{width}: wider than the window")
        if AXE is not None:
            page.emulate_media(color_scheme="light")
            faults += [f"{width} light: {one}" for one in violations(page, _RULES)]
            light = page.evaluate(_SHOWN)
            page.emulate_media(color_scheme="dark")
            same = page.evaluate(_SHOWN) == light
            faults += [f"{width} dark: {one}" for one in violations(page, _COLOURS if same else _RULES)]
    return faults


_ID = re.compile(r"(?<=/)(?:[0-9a-z]{12}|\d+(?:\.\d+)*|[A-Z]-?\d+|r\d|wg-\w+|leaders)(?=/|$)")
_FILE = re.compile(
    r"\.(?:pdf|docx|xml|ics|json|csv|xlsx|txt|html|zip|atom|jsonld|age|statements)$|/(?:log|download|export|receipt|file)/?"
)


def pattern(path):
    """Pages that differ by an identifier alone are one kind of page."""
    return _ID.sub("*", path)


def kinds_of_pages(page, address, *, most=60):
    """Walk the links from where the page is: one page of every kind a member can reach; gives address and answer."""
    waiting, seen = [page.url.removeprefix(address) or "/"], set()
    while waiting and len(seen) < most:
        path = waiting.pop(0).split("#")[0]
        bare = path.split("?")[0]
        kind = pattern(bare) + ("?" if "?" in path else "")
        if kind in seen or _FILE.search(bare) or "lang=" in path or "page=" in path:
            continue
        seen.add(kind)
        answer = page.goto(address + path)
        yield path, answer
        waiting += page.eval_on_selector_all(
            "main a[href^='/'], header a[href^='/']", "all => all.map(a => a.getAttribute('href'))"
        )
        here = bare
        waiting += [
            here + href
            for href in page.eval_on_selector_all("main a[href^='?']", "all => all.map(a => a.getAttribute('href'))")
        ]


def weight(answer):
    """Bytes of a page as they travel."""
    return len(gzip.compress(answer.body(), 6))
