"""Takes the pictures of the pages: `python docs/pictures/take.py [NAME...]`, or `make pictures`.

Needs Debian's chromium. Each page is made by its own command into a temporary folder, opened at 1280 and at 390
pixels, light and dark, and saved as NAME-desktop-light.png and so on, cut to its first screens and few colours.
A page is one line of PAGES (name, and the command line that writes it; `{out}` is the file) or of DEMO (its file in the
demo's workspace).
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

PAGES: dict[str, tuple[str, ...]] = {
    "results": ("results", "--html", "{out}"),
}
DEMO = {
    "linkage": "linkage/sought-by-a.html",
    "kinship": "kinship/report-1.html",
    "exchange": "exchange/PLAN.html",
    "handover": "handover/from-a/neutral.html",
    "ceasefire": "ceasefire/plan.html",
    "talks": "talks/talks.en.html",
    "ledger": "ledger/record.html",
}
"""Pages that the demo writes, in its workspace; desktop light and phone dark, for the pages of the documentation."""

SIZES = {"desktop": 1280, "phone": 390}
SCHEMES = ("light", "dark")
TALLEST = 1600
COLOURS = 128


def make(command: tuple[str, ...], out: Path) -> None:
    """Run the command that writes a page."""
    words = [word.format(out=out) for word in command]
    subprocess.run(
        [sys.executable, "-c", "from goodoffices.cli.main import run; run()", *words],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def take(browser: Browser, page: Path, *, width: int, scheme: str) -> bytes:
    """Open a page and give its first screens as a PNG of few colours."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    tab = context.new_page()
    tab.goto(page.as_uri())
    height = min(tab.evaluate("document.documentElement.scrollHeight"), TALLEST)
    shot = tab.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height})
    context.close()
    out = io.BytesIO()
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    few = picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE)
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


def main(names: list[str]) -> int:
    """Take every picture, or those named."""
    if CHROMIUM is None:
        print("no chromium on this machine: no pictures taken", file=sys.stderr)
        return 1
    unknown = set(names) - PAGES.keys() - DEMO.keys()
    if unknown:
        print(f"no such page: {', '.join(sorted(unknown))}; there are {', '.join([*PAGES, *DEMO])}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-quic"])
        pages = {name: Path(folder) / f"{name}.html" for name in PAGES}
        for name in [*(names or [*PAGES, *DEMO])]:
            page = pages.get(name) or Path(folder) / "demo" / DEMO[name]
            if not page.exists():
                make(PAGES.get(name, ("demo", "--dir", str(Path(folder) / "demo"))), page)
            for size, width in SIZES.items():
                for scheme in SCHEMES if name in PAGES else [SCHEMES[size == "phone"]]:
                    target = HERE / f"{name}-{size}-{scheme}.png"
                    target.write_bytes(take(browser, page, width=width, scheme=scheme))
                    print(f"{target.name}: {target.stat().st_size // 1024} kB")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
