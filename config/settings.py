"""All settings, read from the environment, with defaults that are safe in production.

Read: SECRET_KEY, DATABASE_URL, DEBUG, ALLOWED_HOSTS, DEMO, HOME_COUNTRY, TIME_ZONE, GLOSSARY,
SESSION_IDLE_MINUTES, SESSION_MAX_HOURS, FORM_ACTION_ORIGINS, AIDE_MEMOIRE_SERVES, WEB_THREADS,
MONITORING_TOKEN,
BACKUP_MAX_AGE_HOURS, MEDIA_ROOT, ACCEL_REDIRECT, UPLOAD_STORAGE, REDIS_URL, LOG_FORMAT, SLOW_QUERY_MS,
SHARING_TELLS_LEFT_OUT, EMAIL_URL, DEFAULT_FROM_EMAIL, SITE_URL, MAIL_MAX_LEVEL, LOCAL_SIGN_IN,
PASSWORD_RESET_BY_MAIL. Management commands need only the first two. config/identity_provider.py reads what
is known of a provider of identities.
"""

import datetime as dt
import os
import tomllib
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.demo_key import stored_demo_key
from config.identity_provider import identity_provider

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

# The version is in one place. A release changes it there and tags the commit (CONTRIBUTING.md).
VERSION: str = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

# pytest sets this variable. The settings for tests are at the end of this module.
TESTING = "PYTEST_VERSION" in os.environ

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)

HOME_COUNTRY = env.str("HOME_COUNTRY", default="VN").strip().upper()
GLOSSARY = env.str("GLOSSARY", default="")
# Whether a document or an export up to a level says how many commitments it leaves out.
SHARING_TELLS_LEFT_OUT = env.bool("SHARING_TELLS_LEFT_OUT", default=False)
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Ho_Chi_Minh")

SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY and DEMO:
    SECRET_KEY = stored_demo_key(VAR_DIR / "demo-secret-key")
elif not SECRET_KEY and TESTING:
    SECRET_KEY = "public-and-for-tests-only"  # noqa: S105  (it is used in tests only)
elif not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Set the environment variable SECRET_KEY to a long random text. "
        "Only a demonstration (DEMO=1, as in `make run`) creates its own."
    )

# The demonstration serves this machine only. A production site must name its hosts.
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[]) or (["localhost", "127.0.0.1", "[::1]"] if DEMO else [])

# --- Applications ---------------------------------------------------------------------------------

INSTALLED_APPS = [
    "config.apps.AideMemoireAdminConfig",
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
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "simple_history",
    "csp",
    "django_htmx",
    "core",
    "accounts",
    "relations",
    "commitments",
    "interchange",
    "notifications",
    "pages",
]

MIDDLEWARE = [
    # Outermost: every line of the log knows its request, and every answer is counted.
    "core.log.RequestLogMiddleware",
    "core.metrics.MetricsMiddleware",
    "core.slow_queries.SlowQueriesMiddleware",
    # Every answer carries the policy, redirects and refusals too.
    "csp.middleware.CSPMiddleware",
    # Outside of whatever refuses a request, so that a refusal to the API leaves in the API's shape.
    "core.api.error_middleware.ApiErrorMiddleware",
    # Logs what anything below refuses.
    "core.security_log.SecurityLogMiddleware",
    "core.api.https_middleware.ApiHttpsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.session_activity.SessionActivityMiddleware",
    # Behind what knows who is signed in, before what reads a body.
    "core.body_limit.BodyLimitMiddleware",
    # Every view needs an account, except those with ``login_not_required``: sign-in and health.
    "accounts.sign_in_required.SignInRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # Behind the messages, which it may add to.
    "accounts.second_step_required.SecondStepRequiredMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.cache_control.PersonalPagesMiddleware",
    "core.language_marks.LanguageMarksMiddleware",
    "core.post_only.MethodPageMiddleware",
    "core.nul_in_paths.NulInPathMiddleware",
    # Sees who is signed in, also where the API found that out, and what was not found.
    "commitments.merged_addresses.MergedAddressesMiddleware",
    # Innermost: the view is called in the transaction that stores that its form was carried out.
    "accounts.sent_once.SentOnceMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "core.compact_templates.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pages.context_processors.site",
            ],
        },
    }
]

# --- Database and cache ---------------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def _at(url: str) -> dict[str, Any]:
    """The database at ``url``. Raises ``ImproperlyConfigured``, without repeating a password."""
    wrong = ImproperlyConfigured(
        "DATABASE_URL is not the address of a database. Write postgres://user:password@host:5432/name or "
        "sqlite:////path/to/file."
    )
    if not env.DB_SCHEMES.get(url.partition("://")[0], "").endswith(("sqlite3", "postgresql")):
        raise wrong
    try:
        database: dict[str, Any] = env.db_url_config(url)
    except ValueError:
        raise wrong from None
    return database


def _database() -> dict[str, Any]:
    """The database of DATABASE_URL; without it, an SQLite file in ``var``."""
    if env.str("DATABASE_URL", default=""):
        database = _at(env.str("DATABASE_URL"))
    else:
        VAR_DIR.mkdir(exist_ok=True)
        database = {"ENGINE": "django.db.backends.sqlite3", "NAME": VAR_DIR / "db.sqlite3"}
    options: dict[str, Any] = database.setdefault("OPTIONS", {})
    # After a restart of the database, a connection from before it is replaced and not used.
    database["CONN_HEALTH_CHECKS"] = True
    if database["ENGINE"].endswith("sqlite3"):
        # IMMEDIATE takes the write lock when a transaction begins, where SQLite waits for it. In the middle
        # of a transaction it would fail at once, whatever the timeout.
        options["transaction_mode"] = "IMMEDIATE"
        options["init_command"] = (
            "PRAGMA busy_timeout = 20000; PRAGMA journal_mode = WAL; "
            "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON"
        )
    elif database["ENGINE"].endswith("postgresql"):
        # The register is in memory or on an SSD, where random reads are cheap. JIT compilation takes longer
        # than any of our statements. `?options=` in DATABASE_URL replaces this.
        options.setdefault("options", "-c random_page_cost=1.1 -c jit=off")
        if env.bool("AIDE_MEMOIRE_SERVES", default=False):
            # A request waits neither for a forgotten transaction nor longer than its worker may take.
            options["options"] += " -c lock_timeout=5s -c statement_timeout=25s"
            if not TESTING:
                # One pool for each gunicorn worker, with at most one connection for each of its threads. A
                # command has one connection, and is told at once why it gets none.
                most = env.int("WEB_THREADS", default=8)
                options["pool"] = {"min_size": 1, "max_size": most, "timeout": 10}
    return database


DATABASES = {"default": _database()}

# The counts of failed sign-ins are in this cache, so all workers on all hosts must share it. They share the
# database already, and its `add` is atomic, unlike that of the file-based cache. With the default limit of
# 300 entries an attacker could remove a real lock-out by trying many invented names.
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
if env.str("REDIS_URL", default=""):
    # Shared as well, and its `add` is atomic too. It needs the package `redis`.
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.str("REDIS_URL"),
        "KEY_PREFIX": "aide-memoire",
    }

# --- Sign-in --------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.sign_in_backend.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "accounts.adapters.NoSignupAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "change_password": "accounts.forms.PasswordChangeForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
# Computers in a ministry are shared: closing the browser signs out, and so does leaving it alone for so long.
ACCOUNT_SESSION_REMEMBER = False
SESSION_COOKIE_AGE = env.int("SESSION_IDLE_MINUTES", default=8 * 60) * 60
# However busy it is, a session ends after so long. Roles that a provider takes away are lost by then.
SESSION_MAX_AGE = dt.timedelta(hours=env.int("SESSION_MAX_HOURS", default=24))
# Limits count by account, never by IP address: a ministry has one address, and one person's mistakes
# would lock out all others. Passwords are counted in accounts.sign_in_attempts; "login_failed" counts the
# codes of the second step by account. Limits by address are off.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "5/5m/key",
    "reset_password": None,
    "reset_password_from_key": None,
    "signup": None,
}

# A provider of identities, by OpenID Connect. Without OIDC_ISSUER there is none, and nothing asks for one.
OIDC = identity_provider(env, allows_http=DEMO or TESTING)
# Whether passwords sign in. To get in again when the provider fails, switch it on and restart.
LOCAL_SIGN_IN = env.bool("LOCAL_SIGN_IN", default=True)
if not LOCAL_SIGN_IN and not OIDC.issuer:
    raise ImproperlyConfigured("LOCAL_SIGN_IN is off and OIDC_ISSUER is not set: nobody could sign in.")
SOCIALACCOUNT_ADAPTER = "accounts.provider_adapter.ProviderSignInAdapter"

MFA_ADAPTER = "accounts.mfa_adapter.EncryptingMFAAdapter"
MFA_FORMS = {
    "activate_totp": "accounts.forms.SecondStepSetupForm",
    "authenticate": "accounts.forms.SecondStepForm",
    "reauthenticate": "accounts.forms.SecondStepAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Aide-mémoire"
# Administrators create the accounts, so email addresses need no verification.
MFA_ALLOW_UNVERIFIED_EMAIL = True

# --- Language and time ----------------------------------------------------------------------------

LANGUAGE_CODE = "en"
USE_I18N = True
FORMAT_MODULE_PATH = ["config.formats"]
# 12,345 on every page. What a machine reads (a key in an address or a form) needs |unlocalize in a template.
USE_THOUSAND_SEPARATOR = True
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]

# --- Files ----------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]

# Never served by URL: a view sends evidence to those who may see it.
MEDIA_ROOT = env.str("MEDIA_ROOT", default="") or VAR_DIR / ("test-media" if TESTING else "media")
# With this prefix the view checks, and nginx sends the file (X-Accel-Redirect).
ACCEL_REDIRECT = env.str("ACCEL_REDIRECT", default="")

STORAGES: dict[str, dict[str, Any]] = {
    # Several machines share a folder, or a store of another kind: {"BACKEND": …, "OPTIONS": …} in JSON.
    "default": env.json("UPLOAD_STORAGE", default=None) or {"BACKEND": "core.storage.WholeFileStorage"},
    "staticfiles": {"BACKEND": "core.storage.RepairedStaticFilesStorage"},
}

# --- Security -------------------------------------------------------------------------------------

# The demonstration uses plain HTTP on this machine; all other sites use HTTPS only.
HTTPS_ONLY = not DEMO

SECURE_SSL_REDIRECT = HTTPS_ONLY
# Supervisors send health checks over plain HTTP from inside.
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS_ONLY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS_ONLY
# The proxy in front must set this header, or remove the one that a client sends.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS_ONLY else None
SESSION_COOKIE_SECURE = HTTPS_ONLY
CSRF_COOKIE_SECURE = HTTPS_ONLY
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Bytes that a request may bring: little without an account, else what the first matching address takes.
BODY_LIMIT_ANONYMOUS = 64 * 1024
_MB = 1024 * 1024
BODY_LIMITS = [
    (r"/api/", 21 * _MB),
    (r"/sources/.*papers/", 21 * _MB),
    (r"/commitments/.*(evidence|transitions|progress|move)/", 21 * _MB),
    (r"/admin/commitments/commitment/", 21 * _MB),
    (r"/meetings/", 21 * _MB),
    (r"/imports/|/admin/relations/source/", 6 * _MB),
    (r"", 5 * _MB // 2),
]
# What a body brings besides files. A text of 1,200,000 letters has up to four bytes for each of them.
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * _MB
# Whether to be on the preload list of browsers is the decision of the owner of the domain.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        # FORM_ACTION_ORIGINS names an identity provider, to which the sign-in form is sent on.
        "form-action": list(
            dict.fromkeys([SELF, *OIDC.origins, *env.list("FORM_ACTION_ORIGINS", default=[])])
        ),
    }
}

FORMS_URLFIELD_ASSUME_HTTPS = True

# --- Running the site -----------------------------------------------------------------------------

# A program that watches the site sends this text as "Authorization: Bearer …" and reads its state.
MONITORING_TOKEN = env.str("MONITORING_TOKEN", default="")
# A backup that is older than this is told. One is made every night, and may take its time.
BACKUP_MAX_AGE_HOURS = env.int("BACKUP_MAX_AGE_HOURS", default=26)

# --- Mail -----------------------------------------------------------------------------------------

EMAIL_URL = env.str("EMAIL_URL", default="") or (f"filemail:///{VAR_DIR}/mail" if DEMO else "dummymail://")
try:
    _mail = env.email_url_config(EMAIL_URL)
except (KeyError, ValueError):
    raise ImproperlyConfigured(
        "EMAIL_URL is not the address of a mail server. Write smtp+tls://user:password@host:587, or "
        "smtp+ssl://… for a server that begins with TLS."
    ) from None
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
if EMAIL_URL.startswith("filemail:"):
    # One file for each mail, where Django's has one for each connection.
    EMAIL_BACKEND = "notifications.file_backend.EmailBackend"
EMAIL_FILE_PATH = _mail["EMAIL_FILE_PATH"]
EMAIL_HOST = _mail["EMAIL_HOST"] or "localhost"
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
EMAIL_PORT = _mail["EMAIL_PORT"] or (465 if EMAIL_USE_SSL else 587 if EMAIL_USE_TLS else 25)
EMAIL_HOST_USER = _mail["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_PASSWORD"] or ""
EMAIL_TIMEOUT = 60
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="aide-memoire@localhost")
# The address of the site, for links in mails: the name of the host in a request may be anything.
SITE_URL = env.str("SITE_URL", default="") or ("http://127.0.0.1:8000" if DEMO else "")
SENDS_MAIL = bool(SITE_URL) and not EMAIL_URL.startswith("dummymail:")
# The highest level of what a mail says. Of what is above, it says only how much there is.
MAIL_MAX_LEVEL = env.str("MAIL_MAX_LEVEL", default="unclassified")

# Whether somebody who has lost the password can have a link sent to the address of the account.
PASSWORD_RESET_BY_MAIL = env.bool("PASSWORD_RESET_BY_MAIL", default=True)

# --- API ------------------------------------------------------------------------------------------

# For each token. Ten a second is enough to read a large register every night, and stops endless loops.
API_REQUESTS_A_MINUTE = 600

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.api.parsers.JSONParser"],
    # No BasicAuthentication: it would bypass two-factor authentication and the limit on failed sign-ins.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api_auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.api_auth.TokenThrottle"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "api.exception_handler.refusal_response",
    "NON_FIELD_ERRORS_KEY": "body",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Aide-mémoire",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": r"/api/v1/",
    "COMPONENT_SPLIT_REQUEST": True,
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "core.api.openapi.complete",
        "api.docs.introduce",
    ],
    "ENUM_NAME_OVERRIDES": {
        "Status": "commitments.choices.Status",
        "State": "commitments.choices.State",
        "ProposalState": "commitments.choices.ProposalState",
        "Nature": "commitments.choices.Nature",
        "MentionKind": "commitments.choices.MentionKind",
        "Modality": "commitments.choices.Modality",
        "EvidenceKind": "commitments.choices.EvidenceKind",
        "EvidenceType": "commitments.choices.EvidenceType",
        "AssignmentRole": "commitments.choices.AssignmentRole",
        "AgencyKind": "relations.choices.AgencyKind",
        "MeetingForm": "relations.choices.MeetingForm",
        "MeetingLevel": "relations.choices.MeetingLevel",
        "MeetingStatus": "relations.choices.MeetingStatus",
        "ParagraphRole": "relations.choices.ParagraphRole",
        "ParticipantRole": "relations.choices.ParticipantRole",
        "SourceKind": "relations.choices.SourceKind",
        "Transition": "api.serializers.TRANSITION_CHOICES",
        "Outcome": "api.serializers.OUTCOME_CHOICES",
        "Role": "accounts.choices.Role",
        "Clearance": "api.outputs.CLASSIFICATIONS",
        "FirstStatus": "api.inputs.FIRST_STATUSES",
        "RecordedTransition": "api.outputs.TRANSITIONS_AND_RECORD",
    },
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- Log ------------------------------------------------------------------------------------------

# "text" is for people who look at a terminal; "json" has a line for each request too.
_LOG_FORMAT = env.str("LOG_FORMAT", default="text")
# A statement of a request that takes longer is told.
SLOW_QUERY_MS = env.int("SLOW_QUERY_MS", default=1000)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "json": {"()": "core.security_log.JsonFormatter"},
        "json_lines": {"()": "core.log.JsonLines"},
    },
    "filters": {
        "with_request": {"()": "core.log.WithRequest"},
        "without_traceback": {"()": "core.log.WithoutTraceback"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json_lines" if _LOG_FORMAT == "json" else "line",
            "filters": ["with_request"],
        },
        "security": {"class": "logging.StreamHandler", "formatter": "json"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Without handlers of its own Django logs to the console like the rest, and sends no mail.
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # Whoever scans the internet asks for any host: a line each, no traceback.
        "django.security.DisallowedHost": {"filters": ["without_traceback"]},
        "access": {"level": "INFO" if _LOG_FORMAT == "json" else "WARNING"},
        "security": {"handlers": ["security"], "level": "INFO", "propagate": TESTING},
    },
}

# Addresses by name whose answers are logged, beside sign-ins, refusals and the use of tokens.
SECURITY_LOG_EVENTS = {
    "export_csv": "exported",
    "export_xlsx": "exported",
    "export_json": "exported",
    "print_commitments": "exported",
    "evidence_file": "downloaded",
    "api-evidence-file": "downloaded",
    "paper": "downloaded",
    "api-paper-file": "downloaded",
}

# --- Under pytest ---------------------------------------------------------------------------------

if TESTING:
    SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Tests read static files from their source folders, without collectstatic.
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
    SITE_URL, SENDS_MAIL = "https://register.example.org", True
