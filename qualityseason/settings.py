"""Settings of the portal; what an installation decides comes from the environment (README, “Settings”)."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from qualityseason.environment import mail_settings, read_environment
from qualityseason.sqlite import use_bundled_sqlite

use_bundled_sqlite()

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
ENVIRONMENT = read_environment(os.environ, base_dir=BASE_DIR)

DEBUG = ENVIRONMENT.debug
SECRET_KEY = ENVIRONMENT.secret_key
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
DATA_DIR = ENVIRONMENT.data_dir
DEMO_ALLOWED = not ENVIRONMENT.is_production
FILES_DIR = DATA_DIR / "files"

# --- applications

INSTALLED_APPS = [
    "qualityseason",
    "campaigns",
    "scoring",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "qualityseason.static.PortalStaticFilesConfig",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "heroicons",
    "js_lib_bootstrap5",
]

MIDDLEWARE = [
    "qualityseason.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "qualityseason.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    "qualityseason.middleware.PasswordChangeMiddleware",
    "campaigns.middleware.ActorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "qualityseason.urls"
WSGI_APPLICATION = "qualityseason.wsgi.application"

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
                "campaigns.context_processors.portal",
            ],
        },
    },
]

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# --- database

SQLITE_WAIT = 60  # seconds a writer waits for another one before “database is locked”
SQLITE_CACHE = 32_768  # KiB of pages each connection keeps
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def database(url: str) -> dict[str, Any]:
    """Return Django's database setting for a URL, with what the portal needs of it; never ATOMIC_REQUESTS."""
    config: dict[str, Any] = dict(env.db_url_config(url))
    # persistent, because opening a connection costs more than a page
    config |= {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": SQLITE_WAIT,
            "init_command": (
                f"PRAGMA busy_timeout={SQLITE_WAIT * 1000}; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                f"PRAGMA foreign_keys=ON; PRAGMA cache_size=-{SQLITE_CACHE}"
            ),
        }
    return config


DATABASES = {"default": database(env.str("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'portal.sqlite3'}"))}

# --- background work: `manage.py db_worker` runs what pages put off

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- mail: reminders alone, and only where an installation has set it

EMAIL_URL = env.str("EMAIL_URL", default="")
MAIL_IS_SET = bool(EMAIL_URL)
globals().update(mail_settings(EMAIL_URL))
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="") or globals().get("EMAIL_HOST_USER") or "portal@localhost"
PORTAL_URL = env.str("PORTAL_URL", default="").rstrip("/")  # where mail says the portal is

# --- accounts

AUTH_USER_MODEL = "qualityseason.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "campaigns:home"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "staff_number", "display_name"]},
    },
    {"NAME": "qualityseason.passwords.MinimumLength", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ONE_TIME_PASSWORD_DAYS = 30  # how long a slip opens the account it was printed for
SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds: a working day

# Per person and address together: by address alone one person would lock out a campus behind its router.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5  # tries
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "qualityseason.views.accounts.locked"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)  # reverse proxies in front that add X-Forwarded-For
AXES_CLIENT_IP_CALLABLE = "qualityseason.proxies.client_address"

# --- transport and browser

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = ENVIRONMENT.https
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if ENVIRONMENT.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ENVIRONMENT.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
CSRF_FAILURE_VIEW = "qualityseason.views.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # HSTS preloading is for the owner of the whole domain to ask for
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap's icons
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # an inspection form has several fields for each of its rules
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # bytes of a form without its files
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "qualityseason.intake.spooling.BoundedUploadHandler",
]

# --- words and days

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "qualityseason" / "locale"]
FORMAT_MODULE_PATH = ["qualityseason.formats"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- static files

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FILES_DIR}},
    "staticfiles": {"BACKEND": "qualityseason.static.PortalStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]

# --- log

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "qualityseason.logs.RequestIdFilter"},
        "refusal": {"()": "qualityseason.logs.RefusalFilter"},
    },
    "formatters": {"line": {"format": "{asctime} {levelname} {name} [{request_id}] {message}", "style": "{"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "filters": ["request_id", "refusal"], "formatter": "line"},
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "fontTools": {"level": "WARNING"},  # tells every table of every font at INFO
        "weasyprint": {"level": "ERROR"},
    },
}
