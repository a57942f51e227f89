"""Settings of the desk, all read from the environment in one place.

GOODOFFICES_WORKSPACE   folder of the database, the log, the vault (default: workspace/desk)
GOODOFFICES_MODE        demo (one login per role, no second factor), production, or test
GOODOFFICES_DATABASE    postgresql://user:password@host/name?sslmode=verify-full&sslrootcert=FILE; without it SQLite in
                        one file of the workspace
GOODOFFICES_SECRET      secret of sessions and forms; production refuses to start without it
GOODOFFICES_MASTER_KEY  64 hex digits that wrap the parties' keys; without it the file keys/master.key beside them
GOODOFFICES_KEYS        folder of keys, outside the database (default: WORKSPACE/keys)
GOODOFFICES_HOSTS       host names, comma separated (default: localhost,127.0.0.1)
GOODOFFICES_READ_CAP    records of one other owner that a member may read in 24 hours alone (default: 2000)
GOODOFFICES_DEMO_SCALE  1 fills the demo at the public record's scale; smaller is faster
GOODOFFICES_TLS         0 on a laptop without certificate; 1 (default in production) demands HTTPS
GOODOFFICES_PROXY       1 behind one proxy that sets X-Forwarded-Proto and X-Forwarded-For; else neither is believed
GOODOFFICES_SCANNER     clamd of this machine, unix:/run/clamav/clamd.ctl or tcp://127.0.0.1:3310; then no file is taken
                        that it has not called clean
GOODOFFICES_CIPHER      what seals from now on: aes-256-gcm (default) or chacha20-poly1305; both open always
GOODOFFICES_CODE_STEPS  0: a code of an app is taken in its own 30 seconds alone (default); 1: a step earlier and later
                        too, for a desk whose clock nobody sets
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

_ENV = os.environ
MODE = _ENV.get("GOODOFFICES_MODE", "demo")
if MODE not in {"demo", "production", "test"}:
    raise ImproperlyConfigured(f"GOODOFFICES_MODE: found {MODE!r}, expected demo, production or test")
DEMO = MODE == "demo"
PRODUCTION = MODE == "production"
DEMO_SCALE = float(_ENV.get("GOODOFFICES_DEMO_SCALE", "1"))
WORKSPACE = Path(_ENV.get("GOODOFFICES_WORKSPACE", "workspace/desk")).resolve()
KEYS = Path(_ENV.get("GOODOFFICES_KEYS", str(WORKSPACE / "keys"))).resolve()
MASTER_KEY = _ENV.get("GOODOFFICES_MASTER_KEY", "")
READ_CAP = int(_ENV.get("GOODOFFICES_READ_CAP", "2000"))
SCANNER = _ENV.get("GOODOFFICES_SCANNER", "")
CIPHER = _ENV.get("GOODOFFICES_CIPHER", "aes-256-gcm")
if CIPHER not in {"aes-256-gcm", "chacha20-poly1305"}:
    raise ImproperlyConfigured(f"GOODOFFICES_CIPHER: found {CIPHER!r}, expected aes-256-gcm or chacha20-poly1305")
TLS = _ENV.get("GOODOFFICES_TLS", "1" if PRODUCTION else "0") == "1"

if PRODUCTION and not _ENV.get("GOODOFFICES_SECRET"):
    raise ImproperlyConfigured("GOODOFFICES_SECRET: nothing found, expected at least 50 random characters")


def _kept_secret() -> str:
    """Give the secret of this workspace, made at its first use."""
    path = KEYS / "session.secret"
    if not path.exists():
        KEYS.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64), encoding="ascii")
    return path.read_text(encoding="ascii")


SECRET_KEY = _ENV.get("GOODOFFICES_SECRET") or _kept_secret()
DEBUG = False
ALLOWED_HOSTS = [host for host in _ENV.get("GOODOFFICES_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if host]
ROOT_URLCONF = "goodoffices.desk.urls"
WSGI_APPLICATION = "goodoffices.desk.wsgi.application"

_ROOMS = [
    "parties",
    "jobs",
    "ledger",
    "keeping",
    "talks",
    "lists",
    "pairs",
    "remains",
    "exchange",
    "ceasefire",
    "handover",
    "results",
    "today",
]
_OURS = [f"goodoffices.desk.{room}.apps.{room.capitalize()}Config" for room in ["frame", *_ROOMS]]
INSTALLED_APPS = [
    *_OURS[:2],  # before allauth: its pages take the templates of `frame` and `parties`
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    *_OURS[2:],
]
MIDDLEWARE = [
    "goodoffices.desk.parties.transport.NoQuietRedirect",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "goodoffices.desk.remember.RememberMiddleware",
    "goodoffices.desk.parties.gate.GateMiddleware",
    "goodoffices.desk.parties.reader.ReaderMiddleware",
    "goodoffices.desk.ledger.heads.HeadMiddleware",
    "goodoffices.desk.http.AnswerMiddleware",
    "goodoffices.desk.parties.transport.NoNoughtMiddleware",
    "goodoffices.desk.parties.scanning.ScanMiddleware",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["goodoffices.desk.frame.templatetags.desk"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "goodoffices.desk.http.frame_of",
            ],
        },
    },
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


_OF_TLS = {"sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "channel_binding"}


def _database() -> dict[str, Any]:
    address = _ENV.get("GOODOFFICES_DATABASE", "")
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": WORKSPACE / "desk.sqlite",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",  # Django's default, DEFERRED, fails under two writers
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
            },
            "TEST": {"NAME": WORKSPACE / "test.sqlite"},
        }
    parts = urlsplit(address)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured("GOODOFFICES_DATABASE: expected postgresql://user:password@host/name")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if not options.keys() <= _OF_TLS:
        raise ImproperlyConfigured(f"GOODOFFICES_DATABASE: after ? expected one of {', '.join(sorted(_OF_TLS))}")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,  # a new connection begins with an empty memory of the tables: 20 ms for its first pages
        "CONN_HEALTH_CHECKS": True,  # so that a server that was started anew is not told by an error
        "OPTIONS": options,
    }


DATABASES = {"default": _database()}
CACHES = {
    "default": {  # in the database, so that every process counts the same attempts
        "BACKEND": "goodoffices.desk.parties.counts.Counts",
        "LOCATION": "shared_cache",
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ------------------------------------------------------------------ people
AUTH_USER_MODEL = "parties.User"
AUTHENTICATION_BACKENDS = ["goodoffices.desk.parties.doors.MandateBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "goodoffices.desk.parties.passwords.NoWordOfTheDesk"},
    {"NAME": "goodoffices.desk.parties.passwords.NoCommonPieces"},
]
LOGIN_URL = "/enter"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/results"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # every other session ends: each holds a hash of the password
ACCOUNT_ADAPTER = "goodoffices.desk.parties.doors.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "goodoffices.desk.parties.forms.LoginForm",
    "reauthenticate": "goodoffices.desk.parties.forms.AgainForm",
}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_RATE_LIMITS = {  # by address and by account; a passkey is not under the limits of passwords
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key,50/d/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "token": "10/m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if _ENV.get("GOODOFFICES_PROXY") == "1" else 0
ACCOUNT_SESSION_REMEMBER = False
USERSESSIONS_TRACK_ACTIVITY = True  # noted by the gate, at most once in five minutes
MFA_ADAPTER = "goodoffices.desk.parties.doors.FactorAdapter"
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a passkey is two factors: the device, and its owner's finger or PIN
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1 if _ENV.get("GOODOFFICES_CODE_STEPS") == "1" else 0
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Good Offices"
SESSION_COOKIE_NAME = "__Host-session" if TLS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if TLS else "csrf"
SESSION_COOKIE_AGE = 12 * 3600  # at most; the gate ends a session after an hour without use
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "goodoffices.desk.frame.notes.NoteStorage"
CSRF_FAILURE_VIEW = "goodoffices.desk.http.forbidden"

# --------------------------------------------------------------- transport
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = TLS
SECURE_HSTS_SECONDS = 31_536_000 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _ENV.get("GOODOFFICES_PROXY") == "1" else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "object-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_HANDLERS = ["goodoffices.desk.frame.uploads.MemoryHandler"]  # never a file in clear on a disk

# ------------------------------------------------------------------- words
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("uk", "Українська"), ("ru", "Русский"), ("tr", "Türkçe")]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True  # nothing to collect: what is installed is served
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600

# No request, no address with a query and no value of a field is logged: a log file is not a place for people.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "goodoffices.desk.http.PlainFormatter"}},
    "handlers": {"stderr": {"class": "goodoffices.desk.http.QuietHandler", "formatter": "plain"}},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "goodoffices": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}
