"""Every address x verb x role x owner, generated from the resolver; what access.csv does not allow is not there.

The expected answer comes from the view's `guard` and the table alone, the answer from the test client. An ordinary run
asks every address as every role by GET and POST, for an object of the own party and one of another; the slow tests ask
for all three owners and by every verb (HEAD runs GET's code; `guard` refuses PUT, DELETE and OPTIONS before it knows
any object, so these are asked for one owner; so does it a role that may do this to no object at all, which an ordinary
run asks for one owner too).
"""

import re
import time
import tomllib
from collections import Counter
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, URLPattern, get_resolver, resolve
from django.urls.resolvers import RegexPattern
from django.utils.regex_helper import normalize

from goodoffices.desk.access import Role, Thing, Viewer, may, may_ever
from goodoffices.desk.ids import new_id
from goodoffices.desk.parties.models import User
from tests.desk import conftest
from tests.desk.english import english_in
from tests.desk.makers import absent, maker_of, prepare

VERBS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")
OWNERS = ("UA", "RU", "DESK")
MEMBERS = {
    Role.SIDE: "side-ua-1",
    Role.PLANNER: "planner-ua",
    Role.HOST: "host",
    Role.SECRETARIAT: "secretariat-1",
    Role.HUMANITARIAN: "humanitarian-1",
    Role.FORENSIC: "forensic-1",
    Role.OBSERVER: "observer",
    Role.AUDITOR: "auditor",
    Role.OPERATOR: "operator",
}
_TABLE = tomllib.loads((Path(__file__).parent / "routes.toml").read_text(encoding="utf-8"))
DOORS = ("/enter?", "/account/login/?")
_TOKENS = re.compile(rb'name="(?:csrfmiddlewaretoken|once)" value="[^"]*"')


@dataclass(frozen=True)
class Route:
    """One address of the resolver."""

    name: str
    template: str  # /lists/{list_id}
    converters: tuple[tuple[str, str], ...]
    guards: tuple[str, str] | None
    writes: bool

    @property
    def who(self):
        return _TABLE["routes"].get(self.name, {}).get("who", "")

    @property
    def kind(self):
        return self.guards[0] if self.guards else self.name

    @property
    def owed(self):
        return [name for name, _ in self.converters if maker_of(self.name, self.kind, name) is None]

    def path(self, values):
        return self.template.format(**values)

    def make(self, owner, viewer):
        """Make what the address names; with a maker owed, what is not there."""
        made = {}
        for name, _ in () if self.owed else self.converters:
            made[name] = maker_of(self.name, self.kind, name)(owner, viewer, made)
        return made

    def real(self, made):
        return self.path({name: made[name].key if name in made else absent(one) for name, one in self.converters})

    def none(self):
        return self.path({name: absent(one) for name, one in self.converters})


def routes():
    """Walk the resolver."""

    def walk(resolver, before):
        for entry in resolver.url_patterns:
            here = before + str(entry.pattern)
            if isinstance(entry, URLPattern):
                template = "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", here)
                converters = {**entry.pattern.converters}
                if isinstance(entry.pattern, RegexPattern):
                    text, names = normalize(str(entry.pattern))[0]
                    template, converters = "/" + before + re.sub(r"%\((\w+)\)s", r"{\1}", text), dict.fromkeys(names)
                yield Route(
                    entry.name or template,
                    template,
                    tuple((name, type(one).__name__) for name, one in converters.items()),
                    getattr(entry.callback, "guards", None),
                    getattr(entry.callback, "writes", False),
                )
            else:
                yield from walk(entry, here)

    return list(walk(get_resolver(), ""))


ROUTES = routes()


def test_every_address_has_a_name_of_its_own_and_a_place_in_the_table():
    names = Counter(route.name for route in ROUTES)
    assert [name for name, count in names.items() if count > 1] == []
    homeless = [route.template for route in ROUTES if not route.guards and not route.who]
    assert homeless == [], "guard the view, or say in tests/desk/routes.toml who gets an answer and why"
    assert set(_TABLE["routes"]) <= set(names), "routes.toml names addresses that are not there"
    owed = {f"{route.kind}.{name}" for route in ROUTES for name in route.owed}
    assert owed == set(), "add who makes these objects to tests/desk/makers.py"


def test_every_guard_names_a_row_of_the_table():
    for route in ROUTES:
        if route.guards:
            kind, verb = route.guards
            assert any(may_ever(Viewer(role), verb, kind) for role in Role), f"{route.name}: nobody may {verb} {kind}"


class Asker:
    """One viewer with a client whose session stays as it was, whatever a request does to it."""

    def __init__(self, role, username="", language="en"):
        self.role, self.username, self.language = role, username, language
        self.client, self.cookies = Client(raise_request_exception=False), {}
        self.viewer = Viewer()
        if username:
            user = User.objects.get(username=username)
            conftest.with_factor(user)
            self.viewer = conftest.viewer(username)
            self.client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
            session = self.client.session
            session["account_authentication_methods"] = [
                {"method": "password", "at": time.time(), "reauthenticated": True}  # noqa: TID251  the library's clock
            ]
            session["account_authentication_methods_user"] = user.id
            session.save()
            self.client.get("/account")  # so that the session is noted once
            self.cookies = {settings.SESSION_COOKIE_NAME: session.session_key}
        self.cookies["language"] = language

    def ask(self, verb, path, *, csrf=False):
        self.client.cookies = SimpleCookie(self.cookies)
        self.client.handler.enforce_csrf_checks = csrf
        data = {"once": new_id()} if verb == "POST" else None
        with transaction.atomic():
            answer = (
                getattr(self.client, verb.lower())(path, data) if data else getattr(self.client, verb.lower())(path)
            )
            answer.render() if hasattr(answer, "render") and not answer.is_rendered else None
            transaction.set_rollback(True)
        return answer


def fill():
    """Open the process, and make what the makers build on."""
    conftest.open_example()
    prepare()


@pytest.fixture
def desk(begin):
    """The example process with something in every room; only this module's."""
    return begin(fill)


ROLES = [*MEMBERS, Role.PUBLIC]


def language_of(role):
    """Name the language a role reads in: each but English has its share of the refusals."""
    return ("uk", "ru", "tr")[ROLES.index(role) % 3]


def asker_of(role):
    """Give the member who asks for a role, each in one of the languages that are not English."""
    return Asker(role, MEMBERS.get(role, ""), language_of(role))


def owners_of(viewer):
    """Name the own party, where it may own things, and one other."""
    own = [viewer.party] if viewer.party in OWNERS else []
    return (*own, next(owner for owner in OWNERS if owner != viewer.party))


def expected(route, viewer, made):  # noqa: PLR0911  a table of answers
    """Say from the table alone whether there is something for this viewer: there, gone, or led to the door."""
    if route.guards:
        kind, verb = route.guards
        if not may_ever(viewer, verb, kind):
            return "gone"
        if not made:
            return "absent" if route.converters else "there"
        last = list(made.values())[-1]
        return "there" if not last.shut and may(viewer, verb, Thing(kind, last.owner, last.facts)) else "gone"
    if route.who == "nobody":
        return "gone"
    if route.who == "members":
        if not viewer.user:
            return "door"
        return "there" if not made or "self" in list(made.values())[-1].facts else "gone"
    return "there"


def fault(route, verb, role, want, answer, gone):  # noqa: C901, PLR0911  a table of answers
    """Say what is wrong with an answer; empty if nothing is."""
    status = answer.status_code
    if status >= 500:
        return "fails"
    if want == "door":
        fine = status == 405 or (status == 302 and answer["Location"].startswith(DOORS))
        return "" if fine else "not led to the door"
    if status == 405 and verb != "GET":
        return ""
    if want == "absent":
        return "" if status in {400, 404, 405} else "answers for what is not there"
    if route.writes and verb != "POST" and want == "there":
        return "" if status == 405 else "a write answers another verb than POST"
    if want == "gone":
        if status == 405 and route.writes:
            return ""
        if status != 404:
            return "is there for who may not"
        return "" if verb == "HEAD" or _TOKENS.sub(b"", answer.content) == gone else "another 404"
    if status == 404 and role in _TABLE["absent"].get(route.name, ()):
        return ""
    if verb in {"PUT", "DELETE", "OPTIONS"} and status < 400 and route.guards:
        return "answers a verb it has no use for"
    return "" if status != 404 else "is not there for who may"


def untold(answer, language):
    """Say what of a refusal is not in the reader's language; empty if nothing is."""
    if answer.status_code < 400 or language == "en" or not answer["Content-Type"].startswith("text/html"):
        return ""
    found = english_in(answer.content.decode(), language)
    return f"speaks English: {found}" if found else ""


def owners_asked(route, viewer, owners, verbs):
    """Name whose objects to ask for; one is enough for a role whom `guard` refuses before it looks for any."""
    if not route.converters or route.owed:
        return ("-",)
    refused = route.guards and not may_ever(viewer, route.guards[1], route.guards[0])
    return owners[:1] if refused and verbs != VERBS else owners


def cells(asker, routes_, owners, verbs=("GET", "POST")):
    """Ask everything; gives (route, verb, role, owner, fault, status)."""
    gone = _TOKENS.sub(b"", asker.ask("GET", "/there-is-nothing-here").content)
    for route in routes_:
        for owner in owners_asked(route, asker.viewer, owners, verbs):
            with transaction.atomic():
                made = route.make(owner, asker.viewer)
                want = expected(route, asker.viewer, made)
                path = route.real(made)
                for verb in verbs if owner in {"-", owners[0]} else ("GET", "POST"):
                    answer = asker.ask(verb, path)
                    yield (
                        route.name,
                        verb,
                        asker.role,
                        owner,
                        fault(route, verb, asker.role, want, answer, gone) or untold(answer, asker.language),
                        answer.status_code,
                    )
                transaction.set_rollback(True)


def summary(wrong):
    """Say the unexpected cells in few lines."""
    count = Counter((name, verb, said, status) for name, verb, _, _, said, status in wrong)
    return "\n".join(f"{number:4} x {' '.join(map(str, cell))}" for cell, number in count.most_common(40))


def check(found, capsys):
    """No cell may be unexpected."""
    wrong = [cell for cell in found if cell[4]]
    with capsys.disabled():
        print(f"\nmatrix: {found[0][2]}, {len(ROUTES)} addresses, {len(found)} cells, {len(wrong)} unexpected")  # noqa: T201
    assert wrong == [], summary(wrong)


_ANSWERED: dict[tuple[str, str, tuple[str, ...]], list[tuple[object, ...]]] = {}


def answers(asker, owners):
    """Give the cells of an ordinary run; asked once, whichever test comes first."""
    key = (asker.username, asker.language, owners)
    if key not in _ANSWERED:
        _ANSWERED[key] = list(cells(asker, ROUTES, owners))
    return _ANSWERED[key]


@pytest.mark.parametrize("role", ROLES)
def test_nothing_is_there_but_what_the_table_allows(desk, role, capsys):
    asker = asker_of(role)
    found = answers(asker, owners_of(asker.viewer))
    check(found, capsys)
    assert len(found) >= 2 * len(ROUTES)


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_nothing_is_there_for_any_verb_and_owner_but_what_the_table_allows(desk, role, capsys):
    found = list(cells(asker_of(role), ROUTES, OWNERS, VERBS))
    check(found, capsys)
    assert len(found) >= len(VERBS) * len(ROUTES)


@pytest.mark.parametrize("owners", [("UA", "RU"), pytest.param(("DESK",), marks=pytest.mark.slow)], ids="-".join)
@pytest.mark.parametrize(("role", "name"), [(Role.SIDE, "side-{}-1"), (Role.PLANNER, "planner-{}")])
def test_the_two_sides_get_the_same_answers(desk, role, name, owners):
    """Swapping the sides everywhere swaps the answers and changes nothing else."""
    swap = {"UA": "RU", "RU": "UA", "DESK": "DESK"}
    here = [route for route in ROUTES if route.converters]
    one = {
        cell[:4]: cell[5]
        for cell in answers(Asker(role, name.format("ua"), language_of(role)), owners)
        if cell[3] != "-"
    }
    other_way = tuple(swap[owner] for owner in owners)
    other = {cell[:4]: cell[5] for cell in cells(Asker(role, name.format("ru")), here, other_way)}
    assert one == {(n, v, r, swap[o]): status for (n, v, r, o), status in other.items()}
    assert len(one) >= 2 * len(here)


def same(asker, owners):
    """Compare what is not the viewer's with what does not exist; gives how many answers were compared."""
    compared = 0
    for route in ROUTES:
        if not route.guards or not may_ever(asker.viewer, route.guards[1], route.guards[0]):
            continue  # refused before any object is looked for: the first test compares those bodies
        for owner in owners if route.converters and not route.owed else ():
            with transaction.atomic():
                made = route.make(owner, asker.viewer)
                if made and expected(route, asker.viewer, made) == "gone":
                    real, none = route.real(made), route.none()
                    for verb in ("GET", "POST"):
                        one, other = asker.ask(verb, real), asker.ask(verb, none)
                        assert one.status_code == other.status_code, (route.name, verb, asker.role, owner)
                        assert _TOKENS.sub(b"", one.content) == _TOKENS.sub(b"", other.content), (route.name, verb)
                        assert dict(one.headers) == dict(other.headers), (route.name, verb, asker.role, owner)
                        compared += 1
                transaction.set_rollback(True)
    return compared


def test_what_is_not_yours_answers_as_what_does_not_exist(desk):
    """Existence is information: the same body, byte for byte but for tokens."""
    askers = [asker_of(role) for role in ROLES]
    assert sum(same(asker, owners_of(asker.viewer)) for asker in askers) > 80


@pytest.mark.slow
def test_what_is_nobodys_business_answers_as_what_does_not_exist(desk):
    """The same, for every owner."""
    assert sum(same(asker_of(role), OWNERS) for role in ROLES) > 100


def test_only_what_is_listed_answers_without_login(desk):
    public = asker_of(Role.PUBLIC)
    found = set()
    for route in ROUTES:
        with transaction.atomic():
            answer = public.ask("GET", route.real(route.make("UA", public.viewer)))
            at_the_door = answer.status_code == 302 and answer["Location"].startswith(DOORS)
            if answer.status_code not in {404, 405} and not at_the_door:
                found.add(route.name)
            transaction.set_rollback(True)
    assert sorted(found - set(_TABLE["public"])) == [], "list it under `public` in tests/desk/routes.toml, or guard it"


def resolves(path):
    """Whether an address leads to a view."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def test_no_form_is_taken_without_its_token(desk):
    asked = 0
    for asker in (asker_of(Role.SIDE), asker_of(Role.PUBLIC)):
        for route in ROUTES:
            if resolves(route.none()):  # some patterns fit no made-up word
                assert asker.ask("POST", route.none(), csrf=True).status_code == 403, route.name
                asked += 1
    assert asked > 1.8 * len(ROUTES)
