"""How the portal is set up: everything that differs between machines comes from the environment.

| variable | is | default |
|---|---|---|
| `GAOYUAN_PORTAL` | the portal's own folder: database, uploads, secret key | `portal` in the current folder |
| `DATABASE_URL` | `postgres://user:password@host/name`, or `sqlite:///file` | SQLite in that folder |
| `GAOYUAN_HOSTS` | names under which browsers reach it, with commas | localhost |
| `GAOYUAN_HTTPS` | `1`: one proxy in front of it speaks HTTPS, and names the browser's address | off |
| `GAOYUAN_MAIL_URL` | `smtp://user:password@host:587` (STARTTLS), `smtps://` (TLS), `smtp+plain://` (a relay on the \
same machine) | mail is written to the console |
| `GAOYUAN_MAIL_FROM` | the sender of mail | gaoyuan@localhost |
| `GAOYUAN_ADDRESS` | where people reach the portal, for links in mail and webhooks: `https://gaoyuan.example` | the \
first of the names |
| `GAOYUAN_WEBHOOKS_INSIDE` | `1`: webhooks may lead into the portal's own network, also by http | off |
| `GAOYUAN_EMBEDDING` | a language model that orders matches by meaning: an address that answers like OpenAI's \
`/v1/embeddings`, or a Python function `module:function` | words decide alone |
| `GAOYUAN_LOG_NAME` | what the log of evidence is called; it stays so from the first record on | the first of the \
names, with `/log` |
| `GAOYUAN_LOG_SM2_KEY` | file with an SM2 key (PEM) that signs the log's checkpoints as well | Ed25519 alone |
| `GAOYUAN_OIDC_URL`, `GAOYUAN_OIDC_CLIENT`, `GAOYUAN_OIDC_SECRET` | sign-in by an OpenID provider, for accounts that \
have been connected with it | none |
| `GAOYUAN_OIDC_NAME` | what that provider is called | OpenID |
| `GAOYUAN_SECOND_FACTOR` | kinds of organisations whose people must have a second factor, with commas: \
`administrator,province,city,county` | nobody must |
| `GAOYUAN_TIANDITU_KEY` | key of the approved base map 天地图 | no base map |
| `GAOYUAN_BOUNDARIES` | GeoJSON of counties with approved boundaries, shown in the place of the shipped | none |
| `GAOYUAN_BOUNDARIES_NOTICE` | what stands beside them: whose they are, number of the approval (审图号) | none |
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF, UNSAFE_INLINE

from gaoyuan.portal.secret import read_secret

PORTAL = Path(os.environ.get("GAOYUAN_PORTAL", "portal")).absolute()
HTTPS = os.environ.get("GAOYUAN_HTTPS") == "1"

# `serving.starting.set_up` makes the folder; without one nothing outlives the process, nor need its sessions.
SECRET_KEY = read_secret(PORTAL / "secret.key") if PORTAL.is_dir() else secrets.token_urlsafe(50)
DEBUG = False
ALLOWED_HOSTS = [name for name in os.environ.get("GAOYUAN_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if name]
CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in ALLOWED_HOSTS if HTTPS]
ROOT_URLCONF = "gaoyuan.portal.urls"
WSGI_APPLICATION = "gaoyuan.portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "gaoyuan.portal.accounts",
    "gaoyuan.portal.snapshots",
    "gaoyuan.portal.jobs",
    "gaoyuan.portal.explore",
    "gaoyuan.portal.workbench",
    "gaoyuan.portal.chains",
    "gaoyuan.portal.themes",
    "gaoyuan.portal.desk",
    "gaoyuan.portal.assessments",
    "gaoyuan.portal.contests",
    "gaoyuan.portal.cases",
    "gaoyuan.portal.booking",
    "gaoyuan.portal.delivery",
    "gaoyuan.portal.trades",
    "gaoyuan.portal.freight",
    "gaoyuan.portal.pooling",
    "gaoyuan.portal.evidence",
    "gaoyuan.portal.finance",
    "gaoyuan.portal.challenges",
    "gaoyuan.portal.network",
    "gaoyuan.portal.trading",
    "gaoyuan.portal.dataproducts",
    "gaoyuan.portal.api",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "auditlog",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "gaoyuan.portal.api.tokens.ByToken",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "gaoyuan.portal.accounts.audit.Audited",
    "gaoyuan.portal.accounts.gate.Gate",
    "gaoyuan.portal.workbench.page_tables.PageTables",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gaoyuan.portal.workbench.context.shared",
            ],
            "builtins": ["gaoyuan.portal.workbench.templatetags.figures"],
        },
    }
]

# SQLite: writers queue from their first statement on, and what is acknowledged is on the disk.
_SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
}
_DATABASE = dj_database_url.config(default=f"sqlite:///{PORTAL / 'portal.sqlite3'}", conn_max_age=600)
if _DATABASE.get("ENGINE") == "django.db.backends.sqlite3":
    _DATABASE["OPTIONS"] = _SQLITE
DATABASES = {"default": _DATABASE}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "gaoyuan.portal.accounts.passwords.Argon2",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "gaoyuan.portal.accounts.adapter.ByInvitation"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# Five wrong passwords for a name, or twenty from an address, and both wait five minutes. A whole office may sign in
# from one address at the beginning of a day.
ACCOUNT_RATE_LIMITS = {"login_failed": "20/5m/ip,5/5m/key", "login": "200/m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HTTPS else 0
MFA_ADAPTER = "gaoyuan.portal.accounts.second_factor.Encrypted"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# Addresses come from invitations and are not verified by mail.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Gaoyuan"
SECOND_FACTOR_ROLES = frozenset(name.strip() for name in os.environ.get("GAOYUAN_SECOND_FACTOR", "").split(",")) - {""}
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "oidc",
                "name": os.environ.get("GAOYUAN_OIDC_NAME", "OpenID"),
                "client_id": os.environ["GAOYUAN_OIDC_CLIENT"],
                "secret": os.environ.get("GAOYUAN_OIDC_SECRET", ""),
                "settings": {"server_url": os.environ["GAOYUAN_OIDC_URL"]},
            }
        ]
        if "GAOYUAN_OIDC_URL" in os.environ
        else [],
    }
}

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        # Who is locked out stands here: it may not be crowded out.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
EMBEDDING = os.environ.get("GAOYUAN_EMBEDDING", "")
TIANDITU_KEY = os.environ.get("GAOYUAN_TIANDITU_KEY", "")
BOUNDARIES = os.environ.get("GAOYUAN_BOUNDARIES", "")
BOUNDARIES_NOTICE = os.environ.get("GAOYUAN_BOUNDARIES_NOTICE", "")
_TILES = ["https://*.tianditu.gov.cn"] if TIANDITU_KEY else []
# Scripts come from the portal alone. Charts and the map set styles of single elements.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:", "blob:", *_TILES],
        "connect-src": [SELF, *_TILES],
        "worker-src": [SELF, "blob:"],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
TIME_ZONE = os.environ.get("GAOYUAN_TIME_ZONE", "Asia/Shanghai")
USE_TZ = True

STATIC_URL = "/static/"
# Served from where they lie: nothing has to be collected, and the servers of the tests find them too.
STATIC_ROOT = None
STATICFILES_DIRS = [Path(__file__).parent / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_ROOT = None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = PORTAL / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
# The largest file that may be sent; the first handler passes over larger ones before they are written anywhere.
MOST_UPLOAD_BYTES = 200 << 20
FILE_UPLOAD_HANDLERS = [
    "gaoyuan.portal.desk.receiving.Limited",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

_MAIL = urlsplit(os.environ.get("GAOYUAN_MAIL_URL", ""))
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if _MAIL.hostname else 'console'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _MAIL.hostname or "", _MAIL.port or 587
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.username or "", _MAIL.password or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.scheme == "smtp", _MAIL.scheme == "smtps"
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = os.environ.get("GAOYUAN_MAIL_FROM", "gaoyuan@localhost")
ADDRESS = os.environ.get("GAOYUAN_ADDRESS", f"http{'s' * HTTPS}://{ALLOWED_HOSTS[0]}").rstrip("/")
WEBHOOKS_INSIDE = os.environ.get("GAOYUAN_WEBHOOKS_INSIDE") == "1"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
