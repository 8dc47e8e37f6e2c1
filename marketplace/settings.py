"""All settings, in one file: a hardened base that development loosens.

Everything that differs between installations comes from the environment; nothing secret has a
default outside development. Development means: no DATABASE_URL was given, so the embedded servers
are used (marketplace/embedded.py sets DEVELOPMENT=1 when it provides them).
"""

import os
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str | None = None) -> str:
    """The variable's value; without a default its absence stops the start."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"Set the environment variable {name}.")
    return value


def env_is_on(name: str, default: str = "0") -> bool:
    """Whether a yes-or-no variable is set to 1."""
    return os.environ.get(name, default) == "1"


def env_list(name: str, default: str = "") -> list[str]:
    """The comma-separated parts of a variable."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


DEVELOPMENT = env_is_on("DEVELOPMENT", "0" if "DATABASE_URL" in os.environ else "1")
DEMO = env_is_on("DEMO")
DEBUG = False

SECRET_KEY = env("SECRET_KEY", "development-only-" + "x" * 50 if DEVELOPMENT else None)
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
SITE_URL = env("SITE_URL", "http://localhost:8000")

# --- applications -------------------------------------------------------------------------------

INSTALLED_APPS = [
    "marketplace.base",
    "marketplace.accounts",
    "listings",
    "deals",
    "marketplace.site",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "marketplace.base.http.RequestIdMiddleware",
    "marketplace.base.http.UnavailableMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "marketplace.base.legible.LegibleMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "marketplace.accounts.http.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "marketplace.base.http.RuleErrorMiddleware",
    "marketplace.base.http.RelayMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "marketplace.urls"
WSGI_APPLICATION = "marketplace.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "marketplace.base.http.frame",
            ],
        },
    }
]

# --- PostgreSQL: three roles, one of them per process -------------------------------------------

DATABASE_ROLE = env("DATABASE_ROLE", "web")
# Commands that need no server run without an address, and get a database that refuses all use.
_WEB_URL = env("DATABASE_URL", "" if DEVELOPMENT else None)
_DATABASE_URLS = {
    "web": _WEB_URL,
    "owner": env("DATABASE_OWNER_URL", _WEB_URL),
    "worker": env("DATABASE_WORKER_URL", _WEB_URL),
}
_database: dict[str, Any] = {"ENGINE": "django.db.backends.dummy"}
if _WEB_URL:
    _database = dict(
        dj_database_url.parse(
            _DATABASE_URLS[DATABASE_ROLE], conn_max_age=0, conn_health_checks=True
        )
    )
_database["OPTIONS"] = {"connect_timeout": 3, "application_name": f"marketplace-{DATABASE_ROLE}"}
if int(env("DATABASE_POOL", "0")):
    _database["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": int(env("DATABASE_POOL")),
        "timeout": 2,
        # Try again for the next reader instead of pausing longer and longer.
        "reconnect_timeout": 2,
    }
DATABASES = {"default": _database}

# --- Redis: broker and nothing that cannot be rebuilt -------------------------------------------

REDIS_URL = env("REDIS_URL", "redis://localhost:6379/0" if DEVELOPMENT else None)
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    # A request does not wait for a broker that is away: the outbox keeps its rows.
    "max_retries": 0,
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = env("CELERY_BEAT_FILE", str(BASE_DIR / "var" / "celerybeat"))
CELERY_BEAT_SCHEDULE = {
    "publish the outbox": {"task": "base.publish_outbox", "schedule": 2.0},
    "fire what is due": {"task": "deals.fire_due", "schedule": 30.0},
    "check the ledgers": {"task": "deals.check_ledgers", "schedule": 3600.0},
    "forget the catalogue's changes": {"task": "listings.forget_changes", "schedule": 3600.0},
}
OUTBOX_BROKER_DEPTH = 64

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "base_cache",
        # The limits live here; the default of 300 would throw them out under load.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- people -------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my_work"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_ADAPTER = "marketplace.accounts.http.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none" if DEVELOPMENT else "mandatory"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SIGNUP_FORM_CLASS = "marketplace.accounts.forms.SignUpForm"
# Platform staff and company finance sign in with a second factor everywhere but in a demo.
MFA_REQUIRED = env_is_on("MFA_REQUIRED", "0" if DEVELOPMENT or DEMO else "1")
MFA_TOTP_ISSUER = "Results Supermarket"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
EMAIL_BACKEND = env(
    "EMAIL_BACKEND",
    f"django.core.mail.backends.{'console' if DEVELOPMENT else 'smtp'}.EmailBackend",
)
EMAIL_HOST = env("EMAIL_HOST", "localhost")
EMAIL_PORT = int(env("EMAIL_PORT", "587"))
EMAIL_HOST_USER = env("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = True
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", "noreply@results-supermarket.example")

# --- language and time --------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [
    ("zh-hans", _("Simplified Chinese")),
    ("zh-hant", _("Traditional Chinese")),
    ("en", _("English")),
]
LOCALE_PATHS = [BASE_DIR / "marketplace" / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- files --------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = None if DEVELOPMENT else Path(env("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
MEDIA_ROOT = Path(env("MEDIA_ROOT", str(BASE_DIR / "var" / "media")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = DEVELOPMENT
_static = "django.contrib.staticfiles.storage.StaticFilesStorage"
if not DEVELOPMENT:
    _static = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _static},
}
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- safety -------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "marketplace.base.http.csrf_failure"
if not DEVELOPMENT:
    SECURE_SSL_REDIRECT = env_is_on("SECURE_SSL_REDIRECT", "1")
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# --- the API ------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "marketplace.accounts.api.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["marketplace.accounts.api.DeclaredPolicy"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["marketplace.base.legible.LegibleJsonParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "marketplace.base.http.Pages",
    "DEFAULT_SCHEMA_CLASS": "marketplace.base.schema.StepSchema",
    "EXCEPTION_HANDLER": "marketplace.base.http.api_errors",
    "PAGE_SIZE": 20,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Results Supermarket",
    "DESCRIPTION": "Listings for everyone; the deal steps for those who take part in them.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "marketplace.base.logs.json_formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {
        "handlers": ["stderr"],
        "level": env("LOG_LEVEL", "WARNING" if DEVELOPMENT else "INFO"),
    },
}
