"""Settings. Everything that differs between a laptop and many hosts comes from the environment; `docs/operator.md` lists it."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from jiangbang.beside import beside

PROGRAMMES_DIR = Path(os.environ.get("JIANGBANG_PROGRAMMES", beside("programmes")))
NODE_MODULES = Path(os.environ.get("JIANGBANG_NODE_MODULES", beside("node_modules")))

# The embedded database, files and keys. `jiangbang.home` makes what is missing.
JIANGBANG_HOME = Path(os.environ.get("JIANGBANG_HOME", "var")).absolute()

DEBUG = os.environ.get("JIANGBANG_DEBUG") == "1"
# A demonstration shows its accounts on the sign-in page and holds synthetic people only.
JIANGBANG_DEMO = os.environ.get("JIANGBANG_DEMO") == "1"
ALLOWED_HOSTS = os.environ.get("JIANGBANG_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("JIANGBANG_ORIGINS", "").split(",") if origin]
# Behind TLS every cookie is Secure and HSTS is sent; the embedded server on 127.0.0.1 speaks plain HTTP.
JIANGBANG_TLS = os.environ.get("JIANGBANG_TLS") == "1"


def _secret_key() -> str:
    """The signing key of sessions: from the environment, else kept in the home, made at first use."""
    if key := os.environ.get("JIANGBANG_SECRET_KEY"):
        return key
    from jiangbang.home import text_secret  # noqa: PLC0415 — reading a file in the home, only where the environment is silent

    return text_secret(JIANGBANG_HOME / "keys" / "session.key")


SECRET_KEY = _secret_key()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "jiangbang.register",
    "jiangbang.queue",
    "jiangbang.outbox",
    "jiangbang.accounts",
    "jiangbang.programme",
    "jiangbang.nomination",
    "jiangbang.screening",
    "jiangbang.candidacy",
    "jiangbang.recommendation",
    "jiangbang.review",
    "jiangbang.consultation",
    "jiangbang.decision",
    "jiangbang.notice",
    "jiangbang.conferral",
    "jiangbang.publicity",
    "jiangbang.benefits",
    "jiangbang.archive",
    "jiangbang.succession",
    "jiangbang.privacy",
    "jiangbang.web",
]

MIDDLEWARE = [
    "jiangbang.web.health.Measured",
    "django.middleware.security.SecurityMiddleware",
    "jiangbang.web.headers.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "jiangbang.accounts.gate.Gate",
    "jiangbang.web.erased.GoneWhereErased",
]

ROOT_URLCONF = "jiangbang.urls"
WSGI_APPLICATION = "jiangbang.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": False,
        "DIRS": [],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jiangbang.web.context.frame",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "jiangbang.web.loaders.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]


def _database(url: str | None) -> dict[str, object]:
    """The database from `DATABASE_URL` (postgresql://user:password@host:port/name?option=value), else SQLite in the home."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": JIANGBANG_HOME / "jiangbang.sqlite3",
            # a file: the in-memory database that Django takes for tests knows no waiting writers
            "TEST": {"NAME": str(JIANGBANG_HOME / "test.sqlite3")},
            # opening the file and its schema anew costs more than most requests
            "CONN_MAX_AGE": 600,
            "OPTIONS": {
                # Writers queue instead of failing: the write lock is taken when the transaction begins.
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-65536"
                ),
            },
        }
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {**_database(None), "NAME": parts.path}
    if parts.scheme not in {"postgresql", "postgres"}:
        raise SystemExit(f"DATABASE_URL: unknown scheme {parts.scheme!r}; use postgresql:// or sqlite:///path")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        # Bounded threads keep one connection each; more would exhaust PostgreSQL.
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


DATABASES = {"default": _database(os.environ.get("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STORAGES = {
    "default": {
        "BACKEND": "jiangbang.nomination.storage.DurableFiles",
        "OPTIONS": {"location": JIANGBANG_HOME / "files"},
    },
    "staticfiles": {"BACKEND": "jiangbang.web.storage.HouseStaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = JIANGBANG_HOME / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "jiangbang.web.finders.NodePackagesFinder",
]
FILE_UPLOAD_TEMP_DIR = None
# The packet's own limit (1 GB) is checked as it arrives; a form post without files is small.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
# Two sets of rules for passwords and wrong ones: jiangbang.accounts.passwords says what is in them.
JIANGBANG_PASSWORD_PROFILE = os.environ.get("JIANGBANG_PASSWORD_PROFILE", "asvs")
if JIANGBANG_PASSWORD_PROFILE not in ("asvs", "mlps"):
    raise SystemExit(f"JIANGBANG_PASSWORD_PROFILE: unknown profile {JIANGBANG_PASSWORD_PROFILE!r}; use asvs or mlps")
PASSWORD_HASHERS = ["jiangbang.accounts.passwords.HouseArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "jiangbang.accounts.passwords.LengthValidator"},
    {"NAME": "jiangbang.accounts.passwords.KindsValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "jiangbang.accounts.passwords.ContextValidator"},
    {"NAME": "jiangbang.accounts.passwords.HistoryValidator"},
]
# Roles that must have a second factor, with commas. The multi-level protection scheme wants it of whoever administers or sees all.
MFA_ROLES_OF = {"asvs": "", "mlps": "organiser,discipline,system,security,audit"}
JIANGBANG_MFA_ROLES = tuple(
    role for role in os.environ.get("JIANGBANG_MFA_ROLES", MFA_ROLES_OF[JIANGBANG_PASSWORD_PROFILE]).split(",") if role
)
# How long a proof of who one is lasts, before sealed values are shown or taken away.
JIANGBANG_STEP_UP_MINUTES = int(os.environ.get("JIANGBANG_STEP_UP_MINUTES", "15"))
# How long a session lives at most, however busy it is.
JIANGBANG_SESSION_HOURS = int(os.environ.get("JIANGBANG_SESSION_HOURS", "12"))
# Proxies in front of the house, each of which adds the address it was called from to X-Forwarded-For.
JIANGBANG_PROXIES = int(os.environ.get("JIANGBANG_PROXIES", "0"))
# Objections from one network before each further one waits longer: a household, an office or a phone mast.
JIANGBANG_OBJECTIONS_FREE = int(os.environ.get("JIANGBANG_OBJECTIONS_FREE", "20"))
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "jiangbang.accounts.adapter.ClosedDoor"
# The office gives out passwords by hand: nothing is mailed, and nobody can make the house write to an address of his choice.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
# The outbox's own way out; without it messages are kept and given up with the reason.
JIANGBANG_SMTP_URL = os.environ.get("JIANGBANG_SMTP_URL", "")
JIANGBANG_MAIL_FROM = os.environ.get("JIANGBANG_MAIL_FROM", "")
# The mailbox that packets are sent to; without an address none is looked into (nomination.mailbox_server reads them).
JIANGBANG_IMAP_URL = os.environ.get("JIANGBANG_IMAP_URL", "")
JIANGBANG_IMAP_PASSWORD = os.environ.get("JIANGBANG_IMAP_PASSWORD", "")
JIANGBANG_IMAP_PASSWORD_FILE = os.environ.get("JIANGBANG_IMAP_PASSWORD_FILE", "")
JIANGBANG_IMAP_CA = os.environ.get("JIANGBANG_IMAP_CA", "")
JIANGBANG_IMAP_DONE = os.environ.get("JIANGBANG_IMAP_DONE", "")
JIANGBANG_IMAP_EDITION = os.environ.get("JIANGBANG_IMAP_EDITION", "")
# Where people reach the house: links in messages begin with it.
JIANGBANG_URL = os.environ.get("JIANGBANG_URL", (CSRF_TRUSTED_ORIGINS or ["http://127.0.0.1:8000"])[0]).rstrip("/")
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
# Wrong passwords are counted by jiangbang.accounts.throttle; this counts wrong codes, for each person who has given his password.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "5/5m/key", "reauthenticate": "20/5m/user"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = JIANGBANG_STEP_UP_MINUTES * 60
# Single sign-on by OpenID Connect; without an issuer there is none.
JIANGBANG_OIDC_ISSUER = os.environ.get("JIANGBANG_OIDC_ISSUER", "").rstrip("/")
JIANGBANG_OIDC_NAME = os.environ.get("JIANGBANG_OIDC_NAME", "SSO")
# A claim of the provider whose value is the user name here; empty: people are tied by invitation or by themselves only.
JIANGBANG_OIDC_CLAIM = os.environ.get("JIANGBANG_OIDC_CLAIM", "")
SOCIALACCOUNT_ADAPTER = "jiangbang.accounts.single_sign_on.KnownOnly"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "sso",
                "name": JIANGBANG_OIDC_NAME,
                "client_id": os.environ.get("JIANGBANG_OIDC_CLIENT_ID", ""),
                "secret": os.environ.get("JIANGBANG_OIDC_CLIENT_SECRET", ""),
                "settings": {"server_url": JIANGBANG_OIDC_ISSUER},
            }
        ]
        if JIANGBANG_OIDC_ISSUER
        else [],
    }
}
MFA_ADAPTER = "jiangbang.accounts.factors.SealedFactors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
# one step of thirty seconds to either side, for telephones whose clock is off
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "jiangbang_cache"}}

# Behind TLS the name binds a cookie to this host and to TLS: no neighbour under the same domain can plant one.
COOKIE_PREFIX = "__Host-" if JIANGBANG_TLS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}jiangbang_session"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
# nobody has used it for so long: over. However busy it is, it ends after JIANGBANG_SESSION_HOURS (accounts.gate).
SESSION_COOKIE_AGE = 2 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = JIANGBANG_TLS
SECURE_SSL_REDIRECT = JIANGBANG_TLS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if JIANGBANG_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = JIANGBANG_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if JIANGBANG_TLS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}jiangbang_language"
LOCALE_PATHS = [Path(__file__).resolve().parent / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# Who gives a trusted time for the signatures of certificates (RFC 3161); empty: they carry the time of this machine.
JIANGBANG_TSA_URL = os.environ.get("JIANGBANG_TSA_URL", "")

# Who shows this token may fetch the figures; without one nobody may.
JIANGBANG_METRICS_TOKEN = os.environ.get("JIANGBANG_METRICS_TOKEN", "")

# Log lines for people (text) or for collectors (json).
JIANGBANG_LOG = os.environ.get("JIANGBANG_LOG", "text")
if JIANGBANG_LOG not in ("text", "json"):
    raise SystemExit(f"JIANGBANG_LOG: unknown kind {JIANGBANG_LOG!r}; use text or json")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"()": "jiangbang.logs.TextLines"},
        "json": {"()": "jiangbang.logs.JsonLines"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": JIANGBANG_LOG}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"jiangbang": {"level": "INFO"}},
}
