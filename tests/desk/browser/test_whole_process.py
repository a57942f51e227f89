"""A whole process by eight people in eight browsers: from an empty database to a public result that anyone can check.

Nothing is put into the desk but the process, its members and its log; everything else is typed, pressed, sent, signed.
At every step both sides' views are compared with the access table.
"""

import datetime as dt
import json
import re
import subprocess
import sys
from contextlib import ExitStack
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from goodoffices.domain.assertion import Scope
from goodoffices.domain.handover import Say, Statement
from goodoffices.domain.process import Role
from goodoffices.engines.ledger.log import Anchor
from goodoffices.flow.handover.signed import follow, sign
from goodoffices.formats.day import read_day
from goodoffices.formats.sealed import sealed_csv
from goodoffices.synth.held import held_list
from goodoffices.synth.sought import Held, sought_list
from goodoffices.verify.bundle import Folder, check_folder
from tests.desk.browser.conftest import member, press
from tests.desk.browser.people import FIRST, NEUTRAL, PEOPLE, SIDES, Desk, until
from tests.desk.browser.test_days import send_list, wait_for_job
from tests.desk.serving import Server, environment, open_desk

PERSONS = 24
MEMBERS = ("side-ua-1", "side-ua-2", "side-ru-1", "side-ru-2", "secretariat-1", "humanitarian-1")
_HEAD = "@title Fourth round (invented)\n@version 1\n@language {}\n@parties UA RU\n\n1.1 [{}]{{UA}}\n2.1 {}\n"
WORDS = {
    "en": ("Each side releases twelve persons.", "The desk counts as well."),
    "uk": ("Кожна сторона передає дванадцять осіб.", "Посередник також рахує."),
    "ru": ("Каждая сторона передаёт двенадцать человек.", "Посредник также считает."),
    "tr": ("Her taraf on iki kişiyi bırakır.", "Arabulucu da sayar."),
}
NEWER = {
    "en": "Each side releases at least twelve persons it holds.",
    "uk": "Кожна сторона передає щонайменше дванадцять осіб, яких утримує.",
    "ru": "Каждая сторона передаёт не менее двенадцати удерживаемых ею человек.",
    "tr": "Her taraf elinde tuttuğu en az on iki kişiyi bırakır.",
}


@pytest.fixture(scope="module")
def desk(chromium, tmp_path_factory):
    """An empty desk with eight people at it."""
    folder = tmp_path_factory.mktemp("whole") / "desk"
    open_desk(folder)
    server = Server(folder, folder.parent / "log").start()
    with ExitStack() as stack:
        stack.callback(server.kill)
        address = f"http://127.0.0.1:{server.port}"
        pages = {name: stack.enter_context(member(chromium, address, name)) for name in PEOPLE}
        yield Desk(address, folder, pages)


@pytest.mark.slow
def test_eight_people_take_a_process_from_an_empty_desk_to_a_public_result_that_anyone_can_check(
    desk, tmp_path, record_property
):
    assert not desk.text("/talks", "secretariat-1").count("/talks/r")
    forum_and_text(desk)
    text_agreed(desk)
    commitment_made(desk)
    lists = {side: lists_released(desk, side) for side in SIDES}
    pair_decided(desk)
    exchange = exchange_signed(desk)
    codes = leg_prepared(desk, exchange)
    legs = [handed_over(desk, codes[giver], giver, receiver) for giver, receiver in (SIDES, SIDES[::-1])]
    lists_executed(desk, lists, legs)
    published(desk, legs)
    checked_by_anyone(desk, tmp_path)
    for side, other in (SIDES, SIDES[::-1]):
        assert desk.pages[FIRST[other]].request.get(f"{desk.address}{lists[side]}").status == 404
    faults = [(name, said) for name, page in desk.pages.items() for said in page.said]
    assert not faults
    record_property("views compared with the access table", len(desk.checks))
    assert len(desk.checks) >= 100


def forum_and_text(desk):
    """The secretariat opens a round and begins its text in four languages."""
    page = desk.go("secretariat-1", "/talks/new")
    page.fill("#id_code", "r4")
    page.select_option("#id_forum_kind", "round")
    page.fill("#id_title", "Fourth round (invented)")
    for side in SIDES:
        page.check(f"[name=members][value={side}]")
    page.fill("#id_level", "heads of delegation")
    desk.press(page, "form[action='/talks/open'] button.btn")
    forum_accepted(desk, page.locator("a[href*='/accords/']").first.get_attribute("href"))
    desk.press(desk.go("secretariat-1", "/talks/r4"), "button[value=begin]")
    desk.sees("/talks/r4", "read", "forum")
    desk.sees("/talks/new", "open", "forum")
    desk.press(page, "a[href='/talks/r4/begin/new']")
    for code, (first, second) in WORDS.items():
        words = _HEAD.format(code, first, second)
        if code == "en":
            file = {"name": "text.en.txt", "mimeType": "text/plain", "buffer": words.encode()}
            page.set_input_files("#id_file_en", file)
        else:
            page.fill(f"#id_source_{code}", words)
    desk.press(page, "form[action='/talks/r4/begin'] button.btn")
    invited = dict.fromkeys(MEMBERS[:4], ("invited",))
    desk.sees("/talks/r4/text", "read", "text", facts=invited)


def forum_accepted(desk, accord):
    """Both sides accept the round's terms, each in private; before that nobody sets it to work."""
    desk.sees(accord, "read", "accord", facts=dict.fromkeys(MEMBERS[:4], ("asked", "mandated")))
    for side, other in (SIDES, SIDES[::-1]):
        assert not desk.go("secretariat-1", "/talks/r4").locator("button[value=begin]").count()
        page = desk.go(FIRST[side], accord)
        page.check("[name=accepts][value=yes]")
        before = desk.go(FIRST[other], accord).locator("main dl").last.inner_text()
        desk.press(page, "form[action$='/answer'] button")
        after = desk.go(FIRST[other], accord).locator("main dl").last.inner_text()
        assert (after == before) == (side == SIDES[0]), "the first answer is not shown, the second shows both"


def text_agreed(desk):
    """One side proposes and tables, the other joins, the chair settles and freezes; both initial and sign."""
    clause, held_back = "/talks/r4/text/1.1", NEWER["en"]
    page = desk.go("side-ru-1", clause)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    for code, words in NEWER.items():
        page.fill(f"#id_wording_{code}", words)
    page.select_option("#id_place", "1")
    desk.press(page, "form[action$='/wording'] button")
    assert held_back in desk.text(clause, "side-ru-2")
    assert held_back not in desk.text(clause, "side-ua-1")
    assert held_back not in desk.text(clause, "secretariat-1")
    desk.press(desk.go("side-ru-1", "/talks/r4/text"), "form[action$='/text/table'] button")
    page = desk.go("side-ua-1", clause)
    assert held_back in page.content()
    desk.press(page, "form[action$='/hold'] button[value=join]")
    if page.locator("form[action$='/hold'] button[value=leave]").count() > 1:
        desk.press(page, "form[action$='/hold'] button[value=leave]")
    desk.press(desk.go("secretariat-1", clause), "form[action$='/settle'] button")
    desk.press(desk.go("secretariat-1", "/talks/r4/text"), "button[value=freeze]")
    for act in ("initial", "sign"):
        for side in SIDES:
            desk.press(desk.go(FIRST[side], "/talks/r4/text"), f"form[action$='/text/sign'] button[value={act}]")
    invited = dict.fromkeys(MEMBERS[:4], ("invited", "signed"))
    desk.sees("/talks/r4/text", "read", "text", facts=invited | {"*": ("signed",)})


def commitment_made(desk):
    """The chair rests a commitment on the clause; both sides read it their way and accept; the text is published."""
    page = desk.go("secretariat-1", "/talks/r4/text/1.1")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.fill("form[action$='/ground'] [name=code]", "G1")
    page.fill("form[action$='/ground'] [name=title]", "At least twelve from each side (invented)")
    desk.press(page, "form[action$='/ground'] button")
    invited = dict.fromkeys(MEMBERS[:4], ("invited",))
    desk.sees("/commitments/G1", "read", "commitment", facts=invited)
    for side in SIDES:
        page = desk.go(FIRST[side], "/commitments/G1")
        page.fill("#id_reading", f"Persons that {side} holds, civilians apart.")
        page.select_option("#id_answer", "accept")
        desk.press(page, "form[action$='/answer'] button")
    assert "agreed" in desk.go("humanitarian-1", "/commitments/G1").locator(".lead").inner_text()
    until(lambda: "signature under the entry" in desk.text("/commitments/G1", "humanitarian-1"), "G1 asks both sides")
    for side in SIDES:
        assert "It is your turn" in desk.text("/commitments/G1", FIRST[side])
    desk.press(desk.go("secretariat-1", "/talks/r4/text"), "form[action$='/text/publish'] button")
    facts = {"*": ("published", "signed")} | dict.fromkeys(MEMBERS[:4], ("invited", "published", "signed"))
    desk.sees("/commitments/G1", "read", "commitment", facts=facts)
    desk.sees("/talks/r4/text", "read", "text", facts=facts)


def _people(side):
    """Give whom a side holds, and whom the other seeks: invented persons in the letters each writes."""
    place = SIDES.index(side)
    script, other = (("ru", "uk"), ("uk", "ru"))[place]
    frame = held_list(PERSONS, seed=31 + place, script=script)
    sought = sought_list(Held(frame, 31 + place, script), persons=PERSONS, seed=51 + place, script=other).records
    return sealed_csv(frame).decode(), sealed_csv(sought).decode()


def lists_released(desk, side):
    """A side sends whom it holds and whom it seeks, seals both, releases both to the desk by two members."""
    held, _ = _people(side)
    _, sought = _people(SIDES[1 - SIDES.index(side)])
    first, second = f"side-{side.lower()}-1", f"side-{side.lower()}-2"
    for kind, data in (("held", held), ("sought", sought)):
        page, title = desk.pages[first], f"{kind} by {side}"
        send_list(page, desk.address, title, kind, data)
        press(page, "form[action$=accept] button")
        wait_for_job(page, "/lists/")
        page = desk.go(first, "/lists")
        path = page.get_by_role("link", name=title).get_attribute("href")
        desk.press(desk.go(first, f"{path}/seal"), "main form button.btn")
        facts = {"secretariat-1": (), "humanitarian-1": ()}
        desk.sees(path, "read", "list", owner=side, facts=facts)
        page = desk.go(first, f"{path}/release")
        page.get_by_label("The desk (invented)").check()
        for box in page.locator("[name=fields_chosen]").all():
            box.check()
        desk.press(page, "main form button.danger")
        asked = desk.go(first, "/releases").locator("section.card a").first.get_attribute("href")
        assert not desk.go(first, asked).get_by_role("button", name="Approve").count()
        desk.sees(asked, "read", "release", owner=side, people=("side-ua-2", "side-ru-2", ""))
        desk.press(desk.go(second, asked), "form[action$='/approve'] button")
        facts = {"humanitarian-1": ("released_neutral",)}
        known = ("side-ua-1", "side-ru-1", "humanitarian-1", "observer", "")
        desk.sees(path, "read", "list", owner=side, facts=facts, people=known)
    return path


def pair_decided(desk):
    """The humanitarian desk decides by keyboard; the holder answers; the seeker learns of its own alone."""
    page = desk.go("humanitarian-1", "/pairs/link")
    for name, owner, kind in (("left", "Ukraine", "held"), ("right", "Russian Federation", "sought")):
        options = page.locator(f"#id_{name} option", has_text=owner).all()
        chosen = next(one for one in options if kind in one.inner_text().lower())
        page.select_option(f"#id_{name}", chosen.get_attribute("value"))
    press(page, "main form button.btn")
    page.wait_for_url(re.compile(r"/pairs\?run="), timeout=120_000)
    page.goto(f"{page.url}&verdict=link&state=waiting")
    press(page, "#lines tbody a")
    path = page.url.removeprefix(desk.address).split("?")[0]
    desk.sees(path, "read", "pair", owner="UA", people=("side-ua-1", "side-ru-1", "humanitarian-1", "observer", ""))
    with page.expect_navigation():
        page.keyboard.press("y")
    asked = {"side-ua-1": ("acknowledgeable",), "side-ru-1": ("acknowledgeable",)}
    people = ("side-ua-1", "side-ru-1", "observer", "")
    desk.sees(path, "read", "pair", owner="UA", facts=asked, people=people)
    desk.press(desk.go("side-ua-1", path), "button[name=answer][value=held]")
    answered = dict.fromkeys(people[:2], ("acknowledgeable", "acknowledged"))
    desk.sees(path, "read", "pair", owner="UA", facts=answered, people=people)


def exchange_signed(desk):
    """The humanitarian desk sets terms on the commitment and composes; both sides sign the same plan."""
    page = desk.go("humanitarian-1", "/exchange/new")
    page.fill("#id_title", "Exchange under G1 (invented)")
    page.select_option("#id_commitment", label=next(o for o in _options(page, "commitment") if o.startswith("G1")))
    desk.press(page, "main form button.btn")
    for side in SIDES:
        page.fill(f"#id_minimum_{side}", "12")
    path = page.url.removeprefix(desk.address).removesuffix("/terms")
    desk.press(page, "main form button.btn")
    press(page, "form[action$='/compose'] button")
    page.wait_for_url(re.compile(f"{path}$"), timeout=180_000)
    desk.sees(path, "read", "exchange")
    for side in SIDES:
        desk.press(desk.go(FIRST[side], f"{path}/sign"), "form[action$='/sign'] button")
    desk.sees(f"{path}/sign", "sign", "exchange")
    for side, other in (SIDES, SIDES[::-1]):
        shown = desk.text(f"{path}/leg/1", FIRST[side])
        own, others = (re.findall(r"^(\S+?),", _people(one)[0], re.MULTILINE)[1:] for one in (side, other))
        assert any(ref in shown for ref in own)
        assert not any(ref in shown for ref in set(others) - set(own))
    return path


def _options(page, name):
    return page.locator(f"#id_{name} option").all_inner_texts()


def leg_prepared(desk, exchange):
    """The humanitarian desk prepares the handover of the leg from the signed plan: one act, a transfer each way."""
    leg = f"{exchange}/leg/1"
    for side in SIDES:
        assert "/transfers/leg/" not in desk.go(FIRST[side], leg).content()
    page = desk.go("humanitarian-1", leg)
    prepare = page.locator("a[href^='/transfers/leg/']").get_attribute("href")
    desk.sees(prepare, "write", "transfer")
    desk.press(page, "a[href^='/transfers/leg/']")
    starts = timezone.now().astimezone(ZoneInfo("Europe/Istanbul")) - dt.timedelta(minutes=30)
    page.fill("#id_place", "Crossing North (invented)")
    page.fill("#id_zone", "Europe/Istanbul")
    page.fill("#id_starts_at", starts.strftime("%Y-%m-%dT%H:%M"))
    desk.press(page, "main form button.btn")
    codes = {}
    for side, other in (SIDES, SIDES[::-1]):
        page = desk.go("humanitarian-1", leg)
        half = page.locator(f"section:has(a[href*='/manifest/{side}'])")
        count = int(half.locator("h2").inner_text().rsplit(":")[1])
        codes[side] = half.locator("a[href^='/transfers/']:not([href$='.pdf'])").get_attribute("href").split("/")[-1]
        path = f"/transfers/{codes[side]}"
        assert f"{leg}" in desk.go(FIRST[other], path).content()
        numbers = desk.go(FIRST[side], f"{path}/references").locator("tbody tr").count()
        assert numbers == count
        own, others = (re.findall(r"^(\S+?),", _people(one)[0], re.MULTILINE)[1:] for one in (side, other))
        assert not set(re.findall(r"[\w-]+", desk.text(f"{path}/references", FIRST[side]))) & (set(others) - set(own))
    assert "No handover prepared" not in desk.text(leg, "humanitarian-1")
    return codes


def lists_executed(desk, lists, legs):
    """Each side's list says that every agreed line was carried out; nobody else is told of lines."""
    assert len(legs) == len(lists)
    for side in SIDES:
        page = desk.go(FIRST[side], "/lists")
        path = page.get_by_role("link", name=f"held by {side}").get_attribute("href")
        shown = desk.text(path, FIRST[side])
        assert "executed" in shown
        assert "Executed" in shown


def handed_over(desk, code, giver, receiver):
    """A transfer is confirmed four by two, counted by three roles on their devices, and closed."""
    path = f"/transfers/{code}"
    desk.sees(path, "read", "transfer")
    for side in SIDES:
        for condition in ("terms", "list", "date", "place"):
            page = desk.go(FIRST[side], path)
            assert page.locator("h1 .tag").inner_text() in {"drafted", "not set"}
            confirm = f"form[action$='/say']:has([value={condition}]):has([value=accept][type=hidden]) button"
            desk.press(page, confirm)
    assert desk.go(FIRST[giver], path).locator("h1 .tag").inner_text() == "set"
    _counted(desk, code, {Role.GIVER: giver, Role.RECEIVER: receiver, Role.NEUTRAL: NEUTRAL})
    desk.press(desk.go("humanitarian-1", path), "form[action$='/close'] button")
    desk.sees(path, "read", "transfer", facts={"*": ("closed",)})
    return code


def _counted(desk, code, roles):
    """Register each role's key, make the manifest, let each role sign what it counted and hand it in."""
    who = {role: FIRST[party] if party != NEUTRAL else "humanitarian-1" for role, party in roles.items()}
    path = f"/transfers/{code}/day"
    for role, party in roles.items():
        page = desk.go(who[role], path)
        page.fill("#id_key-vkey", str(desk.key(party, "statement").vkey))
        desk.press(page, "form[action$='/day/keys'] button")
    desk.press(desk.go("humanitarian-1", path), "form[action$='/day/make'] button")
    for role, party in roles.items():
        day = read_day(desk.pages[who[role]].request.get(f"{desk.address}{path}/DAY.json").body(), code)
        others = [one for one in roles if one is not role]
        for other in others:
            taken = desk.pages[who[role]].request.get(f"{desk.address}{path}/{other.value}.html").status
            assert taken == 404
        data = sign(day, _chain(day, role), desk.key(party, "statement"))
        page = desk.go(who[role], path)
        page.set_input_files("#id_file", {"name": "day.statements", "mimeType": "text/plain", "buffer": data})
        desk.press(page, "form[action$='/day/files'] button")


def _chain(day, role):
    """Say what a device says of a day on which everything is there."""
    device, at = f"{list(Role).index(role) + 1:016x}", day.starts.isoformat()
    scope = Scope.CHECKED_AGAINST_MANIFEST if role is Role.GIVER else Scope.COUNTED
    said = [(Say.ARRIVED, None, None), (Say.MET, None, None)]
    said += [(Say.COUNTED, item.number, None) for item in day.items]
    said.append((Say.ACT_SIGNED, None, scope))
    if role is Role.RECEIVER:
        said.append((Say.RECEIPT, None, None))
    chain = ()
    for say, item, scope_ in said:
        chain = follow(day, chain, Statement(role, device, 0, "", say, at, item, (), scope_))
    return chain


def _settled(desk):
    """Let every party sign what waits for it and cosign the head; says whether what they promised and counted binds."""
    signed = sum(desk.sign_what_waits(party) for party in (*SIDES, NEUTRAL))
    for party in (*SIDES, NEUTRAL):
        desk.cosign(party, by_file=party == "UA")
    if signed or "In force since" not in desk.text("/commitments/G1"):
        return False
    proofs = set(re.findall(r"/results/proof/([\w.:-]+)", desk.text("/results/G1")))
    return all("tag ok" in desk.text(f"/results/proof/{proof}") for proof in proofs)


def promise_in_force(desk):
    """The record brings the commitment in force, without a button; everybody who may read it reads why."""
    assert "In force since" in desk.text("/commitments/G1")
    for who in ("side-ua-1", "side-ru-2", "secretariat-1", "humanitarian-1", ""):
        assert "Signed: Russian Federation, Ukraine" in desk.text("/commitments/G1", who)
    for side in SIDES:
        assert "G1 is in force" in desk.text("/", FIRST[side])
    assert "In force: G1" in desk.text("/calendar.ics", "side-ua-1")
    assert "in force" in desk.go("", "/results/G1").locator("main").inner_text()


def published(desk, legs):
    """Both sides lift their embargo, the secretariat publishes, everybody has signed and cosigned."""
    public = desk.text("/results")
    assert "At least twelve" not in public
    own = {"side-ua-1": ("own",)}
    people = ("side-ua-1", "secretariat-1", "observer", "")
    desk.sees("/results/embargo", "lift", "result", facts=own, people=people)
    for side in SIDES:
        page = desk.go(FIRST[side], "/results/embargo")
        boxes = page.locator("[name=subject]").all()
        assert len(boxes) == len(legs)
        for box in boxes:
            box.check()
        desk.press(page, "form[action$='/lift'] button")
        assert "At least twelve" not in desk.text("/results")
    desk.sees("/results/publish", "publish", "result")
    desk.press(desk.go("secretariat-1", "/results/publish"), "form[action$='/publish/send'] button")
    until(lambda: _settled(desk), "all statements signed, G1 in force", seconds=240)
    promise_in_force(desk)
    for code in legs:  # the public reads it among the results (decision 0155), never on the room's own page
        desk.sees(f"/transfers/{code}", "read", "transfer", facts={"*": ("closed",)})


def checked_by_anyone(desk, folder):
    """The public reads the result and its proofs, takes the bundle, and checks it without the desk."""
    page = desk.go("", "/results")
    assert "At least twelve" in page.content()
    desk.go("", "/results/G1")
    proofs = set(re.findall(r"/results/proof/([\w.:-]+)", page.content()))
    assert len(proofs) >= 6
    charter = desk.go("", "/record/verify").locator("code").first.inner_text()
    root = desk.bundle(folder)
    manifest = json.loads((root / "bundle.json").read_text())
    said = {}
    for proof in proofs:
        assert "tag ok" in desk.text(f"/results/proof/{proof}"), f"{proof}: not in force"
        disclosed = desk.text(f"/results/proof/{proof}.json")
        said[json.loads(disclosed)["index"]] = json.loads(disclosed)["content"]
        (root / f"{proof}.json").write_text(disclosed, encoding="utf-8")
        manifest["statements"].append(f"{proof}.json")
    (root / "bundle.json").write_text(json.dumps(manifest), encoding="utf-8")
    report = _verified(root, charter, folder)
    assert report["quorum_met"]
    assert report["disclosed"] >= len(proofs)
    _, verdict = check_folder(root / manifest["log"], anchor=Anchor(None, charter))
    in_force = {one.index for one in verdict.standings(Folder(root / manifest["log"]).read) if one.in_force}
    assert set(said) <= in_force
    for content in said.values():
        assert content["assertion"]["quantity"] >= 12
        assert not re.search(r"[А-яЇїІіЄє]", json.dumps(content, ensure_ascii=False)), "no person is ever public"
    changed = re.sub(r'"quantity": (\d+)', lambda said: f'"quantity": {int(said[1]) + 1}', disclosed)
    assert changed != disclosed
    (root / f"{proof}.json").write_text(changed, encoding="utf-8")
    _verified(root, charter, folder, code=1)


def _verified(root, charter, folder, *, code=0):
    """Run the verifier, a program of its own, on what was downloaded."""
    command = [sys.executable, "-m", "goodoffices.verify", str(root), "--charter", charter, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment(folder), cwd=folder)
    assert done.returncode == code, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert report["holds"] == (code == 0)
    return report
