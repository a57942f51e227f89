"""The results page in a browser: two widths, light and dark, four languages, print. Skipped where there is none."""

import shutil

import pytest

from goodoffices.formats.words import Language
from tests.formats.test_results_page import page

CHROMIUM = next((path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")

CONTRAST = """() => {
  const lum = c => { const f = v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; };
    return .2126 * f(c[0]) + .7152 * f(c[1]) + .0722 * f(c[2]); };
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const ground = node => { for (let n = node; n; n = n.parentElement) {
    const c = rgb(getComputedStyle(n).backgroundColor);
    if (c.length < 4 || c[3] === 1) return c; } return [255, 255, 255]; };
  const bad = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !node.checkVisibility()) continue;
    const style = getComputedStyle(node), isSvg = node instanceof SVGElement;
    const fore = lum(rgb(isSvg ? style.fill : style.color)), back = lum(ground(node));
    const ratio = (Math.max(fore, back) + .05) / (Math.min(fore, back) + .05);
    const big = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    if (ratio < (big ? 3 : 4.5)) bad.push([walk.currentNode.data.trim().slice(0, 40), ratio.toFixed(2)]);
  }
  return bad;
}"""

WIDE = """() => [...document.querySelectorAll('body *')].filter(n => n.getBoundingClientRect().right > innerWidth + 1
  && !n.closest('.vh, .skip, svg, thead')).map(n => n.tagName + '.' + n.className).slice(0, 5)"""

SMALL = """() => [...document.querySelectorAll('nav a, summary')].filter(n => n.checkVisibility()
  && n.getBoundingClientRect().height < 24).map(n => n.textContent)"""


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-quic"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    for language in Language:
        (folder / f"{language.value}.html").write_text(page(language), encoding="utf-8")
    return folder


@pytest.mark.parametrize("language", [language.value for language in Language])
@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_scrolls_sideways_and_everything_can_be_read(browser, pages, language, width, scheme):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    tab = context.new_page()
    said, asked = [], []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto((pages / f"{language}.html").as_uri())
    for _ in range(2):
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        assert tab.evaluate(WIDE) == []
        assert tab.evaluate(CONTRAST) == []
        assert tab.evaluate(SMALL) == []
        tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    context.close()


def test_on_paper_every_statement_is_printed_and_navigation_is_not(browser, pages):
    context = browser.new_context()
    tab = context.new_page()
    tab.goto((pages / "en.html").as_uri())
    closed = tab.evaluate("document.documentElement.scrollHeight")
    tab.emulate_media(media="print")
    assert tab.evaluate("document.querySelector('.toc').checkVisibility()") is False
    assert tab.evaluate("document.querySelector('table.said td').getBoundingClientRect().height") > 0
    assert tab.evaluate("document.documentElement.scrollHeight") > closed / 2
    assert tab.pdf(format="A4").startswith(b"%PDF")
    context.close()


def test_the_page_can_be_walked_by_keyboard(browser, pages):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    tab.goto((pages / "en.html").as_uri())
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.locator("summary").first.focus()
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.querySelector('details').open") is True
    context.close()
