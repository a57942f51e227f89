"""Eight people, each in a browser context of their own, and what each may see by the access table."""

import io
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.utils import timezone

from goodoffices.desk.access import Role, Thing, Viewer, may
from goodoffices.engines.ledger.policy import parse_policy
from goodoffices.engines.ledger.request import SignRequest
from goodoffices.engines.ledger.witness import Witness
from goodoffices.store.keys import Keys
from tests.desk.browser.conftest import press

NEUTRAL = "DESK"
SIDES = ("UA", "RU")
PEOPLE = {
    "side-ua-1": Viewer(Role.SIDE, "UA", "1"),
    "side-ua-2": Viewer(Role.SIDE, "UA", "2"),
    "side-ru-1": Viewer(Role.SIDE, "RU", "3"),
    "side-ru-2": Viewer(Role.SIDE, "RU", "4"),
    "secretariat-1": Viewer(Role.SECRETARIAT, NEUTRAL, "5"),
    "humanitarian-1": Viewer(Role.HUMANITARIAN, NEUTRAL, "6"),
    "observer": Viewer(Role.OBSERVER, "OBS", "7"),
    "": Viewer(),
}
FIRST = {"UA": "side-ua-1", "RU": "side-ru-1", NEUTRAL: "secretariat-1"}


def until(find: Callable[[], object], what: str, *, seconds: float = 90) -> object:
    """Ask again until something is there."""
    end = time.monotonic() + seconds
    while not (found := find()):
        assert time.monotonic() < end, f"{what}: not there after {seconds} s"
    return found


@dataclass
class Desk:
    """A desk with its address, its folder, and a page for each of the eight."""

    address: str
    folder: Path
    pages: dict[str, object]
    checks: list[str] = field(default_factory=list)
    seen: dict[str, object] = field(default_factory=dict)

    def go(self, who, path):
        """Open a page as one of the eight."""
        page = self.pages[who]
        answer = page.goto(self.address + path)
        assert answer.status == 200, f"{who} {path}: {answer.status}"
        return page

    def press(self, page, selector):
        """Press what stands in the page, in a fold or not, and see that it was done."""
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        press(page, selector)
        said = page.locator(".errors, .notice.error")
        assert not said.count(), f"{page.url} {selector}: {said.first.inner_text()}"

    def sees(self, path, verb, kind, *, owner="", facts=None, people=tuple(PEOPLE)):
        """Compare who gets a page with who may by the access table; `facts` says what is true for whom."""
        for name in people:
            viewer = PEOPLE[name]
            true = frozenset((facts or {}).get(name, (facts or {}).get("*", ())))
            expected = may(viewer, verb, Thing(kind, owner, true))
            answer = self.pages[name].request.get(self.address + path, max_redirects=0)
            line = f"{name or 'public'} {verb} {kind} {path}: {answer.status}"
            assert answer.status == (200 if expected else 404), f"{line}, expected {200 if expected else 404}"
            self.checks.append((name, verb, kind))

    def key(self, party, kind):
        """Open a party's own key, as only the party can."""
        return Keys(self.folder / "party-keys" / party).need(f"{party.lower()}.example/{kind}", kind).open()

    def sign_what_waits(self, party):
        """Take every request that waits for a party, check it, sign it with its own key, bring it back."""
        page, signed = self.go(FIRST[party], "/record"), 0
        waiting = page.locator("a[href^='/record/'][href$='/sign']")
        for path in waiting.evaluate_all("all => all.map(one => one.getAttribute('href'))"):
            request = SignRequest.parse(page.request.get(self.address + path.replace("/sign", "/request.json")).body())
            request.check(None)
            self.go(FIRST[party], path)
            consent = request.consent(self.key(party, "statement"))
            page.set_input_files(
                "#id_file", {"name": "consent.json", "mimeType": "application/json", "buffer": consent}
            )
            self.press(page, "form[action$='/consent'] button")
            signed += 1
        return signed

    def cosign(self, party, *, by_file=False):
        """Let a party's witness check that the log has only grown, and cosign its head."""
        page = self.pages[FIRST[party]]
        logs = {log.name: (log,) for log in parse_policy(self.text("/record/log/policy")).logs}
        seen = self.seen.setdefault(party, {})
        old = next(iter(seen.values())).size if seen else 0
        body = page.request.get(f"{self.address}/record/log/request?old={old}").body()
        answer = Witness(self.key(party, "witness"), logs, seen).answer(body, time=int(timezone.now().timestamp()))
        assert answer.seen is not None, answer.why
        self.seen[party] = {answer.seen.origin: answer.seen}
        if not by_file:
            given = self.pages[""].request.post(f"{self.address}/record/log/cosignature", data=answer.body)
            assert given.status == 200, given.text()
            return
        self.go(FIRST[party], "/record/cosign")
        page.set_input_files("#id_file", {"name": "answer.txt", "mimeType": "text/plain", "buffer": answer.body})
        self.press(page, "form[action='/record/cosign/answer'] button")

    def text(self, path, who=""):
        """Read a page or file as one of the eight."""
        answer = self.pages[who].request.get(self.address + path)
        assert answer.status == 200, f"{who} {path}: {answer.status}"
        return answer.text()

    def bundle(self, folder):
        """Take the public bundle and unpack it."""
        data = self.pages[""].request.get(f"{self.address}/record/bundle.zip").body()
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            packed.extractall(folder)
        return next(path.parent for path in folder.rglob("bundle.json"))
