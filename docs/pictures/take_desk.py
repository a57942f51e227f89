"""Takes the pictures of the desk: `python docs/pictures/take_desk.py [WORKSPACE]`; needs Debian's chromium.

Without a workspace a demo one is made. Each page is opened as the member who would, at 1280 pixels light and 390 dark.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

from PIL import Image
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
PORT = 8479
ADDRESS = f"http://127.0.0.1:{PORT}"
PAGES = {
    "desk-today": ("side-ua-1", "/", ""),
    "desk-text": ("side-ua-1", "/talks/r3/text", ""),
    "desk-pair": ("humanitarian-1", "/pairs?state=waiting&verdict=review", "#lines tbody a"),
    "desk-conditions": ("side-ru-1", "/transfers", "main a[href$='T-13']"),
    "desk-exchange": ("humanitarian-1", "/exchange", "main a[href^='/exchange/']"),
    "desk-ceasefire": ("planner-ua", "/ceasefire", "main a[href^='/ceasefire/']"),
    "desk-remains": ("forensic-1", "/remains", ""),
}
"""Name, the member who looks, where, and what is pressed there."""
SIZES = (("desktop-light", 1280, 1400, "light"), ("phone-dark", 390, 1400, "dark"))


def shoot(tab: Page, target: Path, *, width: int, tallest: int) -> None:
    """Save the first screens of a page in few colours."""
    height = min(tab.evaluate("document.documentElement.scrollHeight"), tallest)
    tab.screenshot(path=target, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height})
    few = (
        Image.open(target).convert("RGB").quantize(128, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE)
    )
    few.save(target, "PNG", optimize=True)
    print(f"{target.name}: {target.stat().st_size // 1024} kB")


def wait() -> None:
    """Wait until the desk answers."""
    while True:
        try:
            urllib.request.urlopen(f"{ADDRESS}/enter").close()  # noqa: S310  our own address
        except URLError:
            time.sleep(0.2)
        else:
            return


def main(workspace: str) -> None:
    """Serve the demo workspace and take every picture."""
    command = [sys.executable, "-m", "goodoffices.cli.main", "desk", "--workspace", workspace, "--port", str(PORT)]
    server = subprocess.Popen(command)
    try:
        wait()
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-quic"])
            for name, (member, path, press) in PAGES.items():
                for size, width, tallest, scheme in SIZES:
                    tab = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()  # type: ignore[arg-type]
                    tab.goto(f"{ADDRESS}/enter")
                    with tab.expect_navigation():
                        tab.click(f'form[action="/enter/{member}"] button')
                    tab.goto(f"{ADDRESS}{path}")
                    if press:
                        with tab.expect_navigation():
                            tab.locator(press).first.click()
                    shoot(tab, HERE / f"{name}-{size}.png", width=width, tallest=tallest)
                    tab.context.close()
            browser.close()
    finally:
        server.terminate()
        server.wait(20)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        main(sys.argv[1] if len(sys.argv) > 1 else f"{folder}/desk")
