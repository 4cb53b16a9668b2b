"""The portal's settings: one file, read from the environment by ``config.env``.

docs/settings.md lists every variable; a test holds that list against this file.
"""

import gc
from pathlib import Path

import django_stubs_ext
from django.utils.translation import gettext_lazy as _

from config import env
from config.object_storage import s3_storage

# Lets Django's generic classes be written with their type, ModelAdmin[Case], at run time too.
django_stubs_ext.monkeypatch()

# Python looks through what is new after every 700 objects, 2,000 times while the tests of a folder run: a
# twentieth of all work, a tenth of a start.
gc.set_threshold(20_000)

BASE_DIR = Path(__file__).resolve().parent.parent

# -- Which kind of start this is ------------------------------------------------------

ANJUAN_HOME = env.folder("ANJUAN_HOME", BASE_DIR / "data")
"""The data folder: staged uploads, bundles, event indexes, reports, logs."""

# What `make run` started, for every other command on this machine.
env.load(ANJUAN_HOME / "services.env")

DEBUG = env.flag("DEBUG", False)
DEMO = env.flag("ANJUAN_DEMO", False)
"""The demo: a local trial with demo people. Never on in production."""

DEFAULT_SECRET_KEY = "only-for-commands-that-need-no-secret"  # noqa: S105 (refused in production)
SECRET_KEY = env.text("SECRET_KEY", DEFAULT_SECRET_KEY)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

# -- Parts ----------------------------------------------------------------------------

INSTALLED_APPS = [
    "accounts",
    "cases",
    "uploads",
    "analysis",
    "mail",
    "demo",
    "allauth",
    "allauth.account",
    "django_htmx",
    "django_prometheus",
    "django_structlog",
    "drf_spectacular",
    "rest_framework",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.server.request_log.QuietRequestMiddleware",
    "accounts.middleware.SecretLinkMiddleware",
    "accounts.middleware.RefusalMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

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
            ],
        },
    }
]

# -- Database, cache, tasks -----------------------------------------------------------

DATABASES = {
    "default": env.postgres("DATABASE_URL", "postgresql:///anjuan")
    | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "anjuan",
    }
}

CELERY_BROKER_URL = REDIS_URL
# What a person waits for in front of the screen, and what carries lost things on, is never behind an
# analysis: one worker more serves this queue alone, and every worker serves it, too. Reading what strangers
# mail may cost much: it has a queue and a worker of its own, and holds up neither.
CELERY_TASK_DEFAULT_QUEUE = "celery"
CELERY_TASK_QUEUES: dict[str, dict[str, str]] = {"celery": {}, "prompt": {}, "mail": {}}
CELERY_TASK_ROUTES = {
    "uploads.tasks.*": {"queue": "prompt"},
    "analysis.tasks.check_bundle": {"queue": "prompt"},
    "analysis.tasks.make_pdfs": {"queue": "prompt"},
    "mail.tasks.read_mail": {"queue": "mail"},
    "mail.tasks.*": {"queue": "prompt"},
    "analysis.tasks.sweep": {"queue": "prompt"},
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_TIME_LIMIT = 3600
CELERY_TASK_SOFT_TIME_LIMIT = 3500
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A task's time limit stays below this, or a running task is delivered twice.
    "visibility_timeout": 7200,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_keepalive": True,
}
CELERY_BEAT_SCHEDULE = {
    "cases-sweep": {"task": "cases.tasks.sweep", "schedule": 60.0},
    "cases-remind": {"task": "cases.tasks.remind", "schedule": 600.0},
    "uploads-sweep": {"task": "uploads.tasks.sweep", "schedule": 30.0},
    "uploads-orphans": {"task": "uploads.tasks.remove_orphans", "schedule": 86_400.0},
    "analysis-sweep": {"task": "analysis.tasks.sweep", "schedule": 15.0},
    "mail-sweep": {"task": "mail.tasks.sweep", "schedule": 15.0},
    "mail-digests": {"task": "mail.tasks.send_digests", "schedule": 60.0},
}

# -- Files ----------------------------------------------------------------------------

MEDIA_ROOT = ANJUAN_HOME / "media"
ENCRYPTION_KEYS = env.words("ENCRYPTION_KEYS")
_plain = s3_storage() or {"BACKEND": "django.core.files.storage.FileSystemStorage"}
_encrypted = {
    "BACKEND": "uploads.bundles.encryption.EncryptedStorage",
    "OPTIONS": {"inner": _plain, "keys": ENCRYPTION_KEYS},
}
STORAGES = {
    # The sealed bundles and the reports' PDFs. Whatever else is kept lies in the data folder.
    "default": _encrypted if ENCRYPTION_KEYS else _plain,
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
STATIC_URL = "static/"
STATIC_ROOT = env.folder("STATIC_ROOT", BASE_DIR / "var" / "static")
"""Collected by `make setup`: it depends on the code alone, not on the data folder."""
STATICFILES_DIRS = [("", BASE_DIR / "static" / "dist"), ("img", BASE_DIR / "static" / "img")]

# Further Sigma rules, beside those that come with the portal.
RULES = env.optional_folder("ANJUAN_RULES")
YARA_RULES = env.optional_folder("ANJUAN_YARA_RULES")

UPLOAD_STAGING = ANJUAN_HOME / "staging"
UPLOAD_MAX_SIZE = env.number("UPLOAD_MAX_SIZE", 64 * 2**30, least=1)
UPLOAD_UNFINISHED_PER_PERSON = env.number("UPLOAD_UNFINISHED_PER_PERSON", 2 * UPLOAD_MAX_SIZE, least=1)
UPLOAD_UNFINISHED_PER_CASE = env.number("UPLOAD_UNFINISHED_PER_CASE", 4 * UPLOAD_MAX_SIZE, least=1)
UPLOAD_DISK_RESERVE = env.number("UPLOAD_DISK_RESERVE", 2**30)
"""Bytes that uploads leave free on the disk of the data folder, for everything else that writes there."""
_threads = env.number("WEB_THREADS", 32, least=1)
UPLOADS_AT_ONCE = max(1, _threads - max(1, _threads // 4))
"""Requests with bytes that one web process takes at the same time; the other threads serve pages."""
UPLOAD_EXPIRY_HOURS = env.number("UPLOAD_EXPIRY_HOURS", 7 * 24, least=1)

SENDFILE = env.choice("SENDFILE", "nginx", "xsendfile", "s3")
"""Which proxy, or the object storage, sends stored files itself; empty: the portal does."""

CLAMD = env.service("CLAMD")
"""Where the malware scanner clamd listens: host:port, or the path of its socket; empty: no scan."""

CASE_REOPEN_DAYS = env.number("CASE_REOPEN_DAYS", 30)
RETENTION_NOTICE_DAYS = env.number("RETENTION_NOTICE_DAYS", 14, least=1)
"""How many days before its deletion the customer is told of it."""

VENDOR_NAME = env.text("VENDOR_NAME", "")
"""Whom the page of an upload link and the log collector speak for."""

FONTS_DIR = BASE_DIR / "node_modules" / "@embedpdf" / "fonts-sc" / "fonts"
"""Static Noto Sans Hans faces for PDF reports (SIL Open Font License)."""
FALLBACK_FONTS = (
    *(
        BASE_DIR / "node_modules" / "@embedpdf" / f"fonts-{script}" / "fonts"
        for script in ("latin", "arabic", "hebrew")
    ),
    *(BASE_DIR / "node_modules" / "@expo-google-fonts" / name for name in ("noto-sans-thai", "noto-emoji")),
    # Whatever further Noto faces the machine has (Debian: fonts-noto-core, fonts-noto-cjk).
    *(Path("/usr/share/fonts", kind, "noto") for kind in ("opentype", "truetype")),
)
"""Folders of faces for what that one lacks; ``analysis.reports.glyphs`` writes out what none has."""

# -- People ---------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backend.KnownRoles"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_SESSION_REMEMBER = True
# Written like the others, so that a request tells nobody who has an account; the outbox never sends it.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
# allauth's own asks and fills a table, for people who have an account alone.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105 (a class)
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "request_login_code": "20/m/ip,3/m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

EMAIL_BACKEND = "mail.outbound.backend.EmailBackend"
"""Whatever anybody mails goes into the outbox; a worker hands it to MAIL_TRANSPORT."""
MAIL_TRANSPORT = env.text(
    "EMAIL_BACKEND",
    "django.core.mail.backends.dummy.EmailBackend" if DEMO else "django.core.mail.backends.smtp.EmailBackend",
)
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_SECURITY = env.choice("EMAIL_SECURITY", "none", "starttls", "tls") or "none"
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL_SECURITY == "starttls", EMAIL_SECURITY == "tls"
EMAIL_PORT = env.number("EMAIL_PORT", {"none": 25, "starttls": 587, "tls": 465}[EMAIL_SECURITY], least=1)
EMAIL_HOST_USER = env.text("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_PASSWORD", "")
MAIL_ENVELOPE_FROM = env.text("MAIL_ENVELOPE_FROM", "")
"""The address that bounces go to; empty: that of DEFAULT_FROM_EMAIL."""
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "support@portal.example")
MAIL_AUTHSERV_ID = env.text("MAIL_AUTHSERV_ID", "")
"""By which name the operator's own mail server signs Authentication-Results; empty: no mail enters a case."""
MAIL_MAX_SIZE = env.number("MAIL_MAX_SIZE", 64 * 2**20, least=1)
IMAP_HOST = env.text("IMAP_HOST", "")
"""The mail server that ``manage.py fetch_mail`` takes mail from; empty: from none."""
IMAP_SECURITY = env.choice("IMAP_SECURITY", "none", "starttls", "tls") or "tls"
IMAP_PORT = env.number("IMAP_PORT", 993 if IMAP_SECURITY == "tls" else 143, least=1)
IMAP_USER = env.text("IMAP_USER", "")
IMAP_PASSWORD = env.text("IMAP_PASSWORD", "")
IMAP_FOLDER = env.text("IMAP_FOLDER", "INBOX")
IMAP_DONE_FOLDER = env.text("IMAP_DONE_FOLDER", "")
IMAP_POLL_SECONDS = env.number("IMAP_POLL_SECONDS", 60, least=1)
MAIL_LISTEN = env.service("MAIL_LISTEN")
"""Where ``manage.py serve_mail`` takes mail from the operator's own mail server; empty: nowhere."""
MAIL_PROTOCOL = env.choice("MAIL_PROTOCOL", "lmtp", "smtp") or "lmtp"
PORTAL_URL = env.text("PORTAL_URL", "").rstrip("/")
"""Where people reach the portal, without ``URL_PREFIX``, for mails that no request asked for."""
WEBHOOK_ALLOW_PRIVATE = env.networks("WEBHOOK_ALLOW_PRIVATE")
"""Private networks that webhooks may be sent to, there without TLS as well."""

# -- Language and time ----------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = CELERY_TIMEZONE = "Asia/Shanghai"

# -- Safety ---------------------------------------------------------------------------

SECURE = env.flag("ANJUAN_HTTPS", not (DEMO or DEBUG))
"""Whether people come by https. Cookies of a portal in production travel no other way, unless it is told."""
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SESSION_COOKIE_AGE = 14 * 24 * 3600
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("ANJUAN_BEHIND_PROXY", False) else None
)
FORCE_SCRIPT_NAME = f"/{prefix}" if (prefix := env.text("URL_PREFIX", "").strip("/")) else None
"""The path below which a proxy serves the portal; it may take it off or leave it on."""
# Rate limits count by address: behind a proxy that is the one the proxy tells of.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.flag("ANJUAN_BEHIND_PROXY", False) else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_secrets": {"()": "config.server.request_log.WithoutSecrets"}},
    "loggers": {
        "django.request": {"filters": ["without_secrets"]},
        "django.security.csrf": {"filters": ["without_secrets"]},
    },
}
"""What else is logged, and where to, is Django's choice."""
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.api.exception_handler",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Anjuan",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "analysis.api.with_result_document",
    ],
}
