"""A desk with one process, its members and its log, for every test of a room."""

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection
from django.test import Client

from goodoffices.desk import demo
from goodoffices.desk.access import Role, Viewer
from goodoffices.desk.ids import new_id
from goodoffices.desk.keys import ring
from goodoffices.desk.parties.models import User
from tests.desk.tables import Opened, bring

AT = dt.datetime(2025, 8, 14, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def workspace(tmp_path, settings):
    """A folder of this test alone for log, vault and keys."""
    settings.WORKSPACE, settings.KEYS = tmp_path / "desk", tmp_path / "keys"
    settings.DEMO = False  # whatever mode the run was started in
    settings.WORKSPACE.mkdir()
    ring.cache_clear()
    yield settings.WORKSPACE
    ring.cache_clear()


@pytest.fixture(scope="session")
def django_db_keepdb():
    """The test database lies in a folder of this process, which goes with it."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Begin with the tables as the last run's migrations left them, if no migration has changed since."""
    if connection.vendor == "sqlite":
        bring(connection.settings_dict["TEST"]["NAME"])


_KEPT: dict[str, object] = {}


@pytest.fixture
def begin(db, workspace, tmp_path_factory):
    """Fill an empty desk by a function; from the second time on by a copy of what it made."""

    def _begin(fill):
        if connection.vendor == "sqlite" and fill in _KEPT:
            _KEPT[fill].lay(workspace, settings.KEYS)
        else:
            fill()
            if connection.vendor == "sqlite":
                _KEPT[fill] = Opened(workspace, settings.KEYS, tmp_path_factory.mktemp("kept"))
        return workspace

    return _begin


def open_example():
    """Open the example process: one member per role and a second where two must act."""
    demo.open_process(AT)


@pytest.fixture
def desk(begin):
    """The example process opened, one member per role and a second where two must act."""
    return begin(open_example)


def viewer(username):
    """The viewer that a member is."""
    user = User.objects.get(username=username)
    return Viewer(Role(user.role), user.party_id, user.id, user.language, user.zone)


def with_factor(user):
    """Give a member a second factor: without one the gate shows only the enrolment."""
    return Authenticator.objects.get_or_create(
        user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": ""}}
    )[0]


@pytest.fixture
def enter(desk):
    """Log in: `enter("side-ua-1").get("/lists")`."""

    def _enter(username):
        user, client = User.objects.get(username=username), Client()
        with_factor(user)
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return _enter


def post(client, address, **fields):
    """Send a form as a page would, with a key of its own."""
    return client.post(address, {"once": new_id(), **fields})
