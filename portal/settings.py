"""Every setting, read from the environment by typed readers that name the variable when it is wrong.

`PROFILE` is explicit: `embedded` (SQLite, loopback only, demo parts installed) or `production`.
`ROLE` says which process this is (web, responders, worker, prober, command); only a worker is given the custody key.
"""

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent


def _text(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"Set the environment variable {name}.")
    return value


def _flag(name: str, default: bool) -> bool:
    value = os.environ.get(name, "1" if default else "0").lower()
    if value not in {"0", "1", "true", "false", "yes", "no"}:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")
    return value in {"1", "true", "yes"}


def _number(name: str, default: int) -> int:
    value = os.environ.get(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None


def _secret(name: str) -> str | None:
    """The value of NAME, or the content of the file that NAME_FILE names."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text().strip()
    return os.environ.get(name)


PROFILE = _text("PROFILE", "")
if PROFILE not in {"embedded", "production"}:
    raise ImproperlyConfigured("Set PROFILE to 'embedded' or 'production'; `make run` uses embedded.")
EMBEDDED = PROFILE == "embedded"
ROLE = _text("ROLE", "command")
if ROLE not in {"web", "responders", "worker", "prober", "command"}:
    raise ImproperlyConfigured(f"ROLE must be web, responders, worker, prober or command, not {ROLE!r}.")

VAR_DIR = Path(_text("VAR_DIR", str(BASE_DIR / "var")))


def _installation_secret(name: str, file_name: str) -> str:
    """Production must be given its secret; an embedded installation makes its own once and keeps it."""
    if value := _secret(name):
        return value
    if not EMBEDDED:
        raise ImproperlyConfigured(f"Set {name} or {name}_FILE.")
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    path = VAR_DIR / file_name
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


SECRET_KEY = _installation_secret("SECRET_KEY", "secret_key")
# Earlier keys, separated by white space: they still open what they sealed (sessions, second factors), never seal anew.
SECRET_KEY_FALLBACKS = (_secret("SECRET_KEY_FALLBACKS") or "").split()
# The key-encryption key of everything kept in custody (CA keys, list keys). Only a worker is given it.
CUSTODY_KEY = _secret("CUSTODY_KEY") if ROLE == "worker" else None
DEBUG = False

# --- addresses -------------------------------------------------------------------------------------------------
SITE_URL = _text("SITE_URL", "http://localhost:8000" if EMBEDDED else None).rstrip("/")
RESPONDERS_URL = _text("RESPONDERS_URL", "http://localhost:8001" if EMBEDDED else None).rstrip("/")
_site = urlsplit(SITE_URL)
ALLOWED_HOSTS = sorted({_site.hostname or "localhost", urlsplit(RESPONDERS_URL).hostname or "localhost"})
if EMBEDDED:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# Where the site itself may fetch from although the address is loopback: its own responders, in embedded mode only.
LOOPBACK_ALLOWED = [urlsplit(RESPONDERS_URL).netloc] if EMBEDDED else []
# Production looks names up at the machine's resolvers (or these: "192.0.2.53 192.0.2.54:5353") and trusts its store.
DNS_RESOLVERS = _text("DNS_RESOLVERS", "").split()
TRUST_STORE = _text("TRUST_STORE", "")
# Well-known ports of loopback addresses that stand for others: the stand-in internet of embedded mode.
STAND_IN_INTERNET = EMBEDDED and _flag("STAND_IN_INTERNET", True)
INTERNET_DNS_PORT = _number("INTERNET_DNS_PORT", (_site.port or 8000) + 53)
INTERNET_TLS_PORT = _number("INTERNET_TLS_PORT", (_site.port or 8000) + 44)
LOOPBACK_PORTS: dict[int, int] = {}
if STAND_IN_INTERNET:
    LOOPBACK_PORTS = {53: INTERNET_DNS_PORT, 443: INTERNET_TLS_PORT}
    DNS_RESOLVERS = [f"127.0.53.11:{INTERNET_DNS_PORT}", f"127.0.53.12:{INTERNET_DNS_PORT}"]
    TRUST_STORE = str(VAR_DIR / "internet" / "root.pem")
SAMPLE_SP_URL = _text("SAMPLE_SP_URL", "http://localhost:8002") if EMBEDDED else ""

# --- applications ----------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "portal.apps.PortalConfig",
    "portal.jobs",
    "portal.audit",
    "portal.signing",
    "portal.accounts",
    "portal.evidence",
    "portal.providers",
    "portal.environments",
    "portal.trail",
    "whitelist",
    "verifier",
    "testenv",
    *(["portal.mailbox"] if EMBEDDED else []),
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "portal.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.accounts.middleware.SecondFactorMiddleware",
    "portal.accounts.middleware.ReauthenticationMiddleware",
    "portal.accounts.middleware.SessionActivityMiddleware",
    "portal.providers.middleware.ChosenSeatMiddleware",
]
# What stands before /api/: no session, so a cookie cannot speak there (see portal.wsgi).
API_MIDDLEWARE = ["portal.middleware.RequestIdMiddleware"]

ROOT_URLCONF = "testenv.responder_urls" if ROLE == "responders" else "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # `portal` stands before allauth in INSTALLED_APPS, so its templates come first. Not in DIRS beside it: a
        # template that extends allauth's of the same name would be found, and drawn, twice.
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.frame",
                *(["portal.mailbox.demo_people.context"] if EMBEDDED else []),
            ],
            # The parts of the look, so that a template need not load them one by one.
            "builtins": [
                f"portal.templatetags.{name}"
                for name in ("icons", "statuses", "moments", "byte_lines", "bars", "parts", "listing")
            ],
        },
    }
]

FORM_RENDERER = "portal.forms.PortalFormRenderer"
CSRF_FAILURE_VIEW = "portal.error_pages.csrf_failure"

# --- database and cache ----------------------------------------------------------------------------------------


def _database(url: str) -> dict[str, object]:
    """`postgresql://user:password@host:port/name` or `sqlite:///path` as Django's dictionary."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        # IMMEDIATE: with deferred transactions a read-then-write loses to "database is locked" whatever the timeout.
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path),
            # Kept open: closing the last connection writes the whole log back, some 10 ms after every request.
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(f"DATABASE_URL must begin with postgresql:// or sqlite://, not {parts.scheme!r}.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


# Both addresses carry passwords, so they may also come as files (DATABASE_URL_FILE, REDIS_URL_FILE).
_OWN_DATABASE = f"sqlite:///{VAR_DIR}/portal.sqlite3" if EMBEDDED else None
DATABASES = {"default": _database(_secret("DATABASE_URL") or _text("DATABASE_URL", _OWN_DATABASE))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = _secret("REDIS_URL") or _text("REDIS_URL", "" if EMBEDDED else None)
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# --- jobs ------------------------------------------------------------------------------------------------------
# Embedded mode has no broker server: the worker nudges itself over memory:// and a sweep finds due rows.
CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"
CELERY_BROKER_TRANSPORT_OPTIONS = {} if REDIS_URL else {"polling_interval": 0.02}
CELERY_TASK_ALWAYS_EAGER = False  # tests only
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "default"
# Lane `probe` talks to strangers' servers, which may hang: it has a process of its own, without the custody key.
JOB_LANES = ["default", "ca", "fetch", "mail", "probe"]
WORKER_LANES = ["probe"] if ROLE == "prober" else ["default", "ca", "fetch", "mail"]
JOB_SWEEP_SECONDS = float(_text("JOB_SWEEP_SECONDS", "2" if REDIS_URL else "0.5"))

# --- people ----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "portal.accounts.forms.SignupForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
# One person, one address: it is their identity in invitations and in the audit trail.
ACCOUNT_MAX_EMAIL_ADDRESSES = 2
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# Beside allauth's own: the public page where a lost account is asked for, by client address and by address typed.
ACCOUNT_RATE_LIMITS = {"person_recovery": "10/h/ip,3/h/key"}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _site.scheme
MFA_ADAPTER = "portal.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Finger, face or PIN each time: a passkey alone is then possession and knowledge in one.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_FORMS = {
    "authenticate": "portal.accounts.code_forms.LogInCodeForm",
    "reauthenticate": "portal.accounts.code_forms.ReauthenticationCodeForm",
    "add_webauthn": "portal.accounts.passkey_forms.AddPasskeyForm",
    "authenticate_webauthn": "portal.accounts.passkey_forms.PasskeyForm",
    "login_webauthn": "portal.accounts.passkey_forms.PasskeyLoginForm",
    "reauthenticate_webauthn": "portal.accounts.passkey_forms.PasskeyReauthenticationForm",
}
ACCOUNT_EMAIL_NOTIFICATIONS = True
MFA_TOTP_ISSUER = "JPKI Portal"
MFA_TOTP_TOLERANCE = 1
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/home/"
ACCOUNT_SIGNUP_REDIRECT_URL = "/organisation/register/"

# --- mail ------------------------------------------------------------------------------------------------------
EMAIL_BACKEND = "portal.mailbox.backend.MailboxBackend" if EMBEDDED else "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = _text("EMAIL_HOST", "localhost")
EMAIL_PORT = _number("EMAIL_PORT", 25)
EMAIL_HOST_USER = _text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = _secret("EMAIL_HOST_PASSWORD") or ""
EMAIL_TIMEOUT = 10
EMAIL_USE_TLS = _flag("EMAIL_USE_TLS", False)
DEFAULT_FROM_EMAIL = _text("DEFAULT_FROM_EMAIL", f"no-reply@{_site.hostname}")

# --- language and time -----------------------------------------------------------------------------------------
LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", _("Japanese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Tokyo"  # people see JST; the database, the API and the pure rooms speak UTC

# --- static files and security ---------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
WHITENOISE_USE_FINDERS = EMBEDDED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
_secure = _site.scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _secure
SESSION_COOKIE_NAME = "__Host-session" if _secure else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _secure else "csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
SECURE_SSL_REDIRECT = _secure and _flag("SECURE_SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 31536000 if _secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _secure
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _flag("BEHIND_PROXY", False) else None
# How many proxies in front are ours: the rate limits count the address the outermost of them saw.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE_PROXY_SSL_HEADER else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# The shape Django 6 uses natively, so that the own middleware can be dropped with the next LTS.
SECURE_CSP = {
    "default-src": ["'none'"],
    "style-src": ["'self'"],
    "script-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}

# --- REST API --------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}

SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.1",
    "TITLE": _("Smartphone JPKI portal: verification API"),
    "DESCRIPTION": _(
        "Judges signatures made with the JPKI certificates of cards and phones, and answers what is on the whitelist."
    ),
    "VERSION": "1",
    "SERVERS": [{"url": "/", "description": _("this site")}],
    "POSTPROCESSING_HOOKS": ["portal.api.document.add_components"],
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
    "DISABLE_ERRORS_AND_WARNINGS": False,
}
# Requests per minute and API key, shared out over the web processes, which each count for themselves.
API_REQUESTS_PER_MINUTE = _number("API_REQUESTS_PER_MINUTE", 1200)
WEB_PROCESSES = _number("WEB_PROCESSES", 1)
# Threads of each web process; what granian is started with.
WEB_THREADS = _number("WEB_THREADS", 4)
# From the second confirmation of a new owner to its effect: the time existing owners have to stop it.
OWNER_RECOVERY_HOURS = _number("OWNER_RECOVERY_HOURS", 24)
# The same for the second factors of a person: the time they have to stop it.
PERSON_RECOVERY_HOURS = _number("PERSON_RECOVERY_HOURS", 24)
API_MAX_BODY_BYTES = 256 * 1024

# --- whitelist -------------------------------------------------------------------------------------------------
# A list is believed for so long after its head was signed; a consumer that hears nothing then answers "not listed".
WHITELIST_LIST_VALID_SECONDS = _number("WHITELIST_LIST_VALID_SECONDS", 600)

# --- verifier --------------------------------------------------------------------------------------------------
VERIFIER_CRL_REFRESH_SECONDS = _number("VERIFIER_CRL_REFRESH_SECONDS", 30 if EMBEDDED else 300)
VERIFIER_CRL_TIMEOUT = float(_number("VERIFIER_CRL_TIMEOUT", 30))
VERIFIER_CRL_MAX_BYTES = _number("VERIFIER_CRL_MAX_BYTES", 512 * 1024 * 1024)
# Revocation lists as files that every process maps: the worker writes them, the others only read.
VERIFIER_LISTS_DIR = Path(_text("VERIFIER_LISTS_DIR", str(VAR_DIR / "lists")))
# A list of at most this size is also kept in its row, so that its file can be made anew by whoever lacks it.
VERIFIER_CRL_ROW_BYTES = 1024 * 1024
VERIFIER_EVIDENCE_SECONDS = 1.0
# Differences between two lists: of one list at most so many are kept, and for so long.
VERIFIER_STATUS_CHANGES_PER_LIST = 100_000
VERIFIER_STATUS_CHANGES_DAYS = 400
# A challenge issued by the API may be answered for so long; one made by an SP is remembered for so long.
VERIFIER_CHALLENGE_SECONDS = _number("VERIFIER_CHALLENGE_SECONDS", 300)
VERIFIER_REPLAY_SECONDS = _number("VERIFIER_REPLAY_SECONDS", 86400)
# The largest CMS signature, its content included. A body of the API holds no more than 256 KiB of JSON.
VERIFIER_CMS_MAX_BYTES = _number("VERIFIER_CMS_MAX_BYTES", 160 * 1024)
# The largest signed document, and how long a process of its own may take it apart (its processor time is bounded too,
# see verifier.readers). At most a quarter of a web process' threads have that done at a time.
VERIFIER_DOCUMENT_MAX_BYTES = _number("VERIFIER_DOCUMENT_MAX_BYTES", 10 * 1024 * 1024)
VERIFIER_DOCUMENT_SECONDS = 8.0
# A request waits so long for OCSP in all, and at most half of a web process' threads wait for it at a time.
VERIFIER_OCSP_SECONDS = 1.5
# Whom the web process says to be where a responder answers known askers only: a certificate and its key, both PEM.
OCSP_REQUEST_CERTIFICATE_FILE = _text("OCSP_REQUEST_CERTIFICATE_FILE", "")
OCSP_REQUEST_KEY_FILE = _text("OCSP_REQUEST_KEY_FILE", "")

# --- reviews ---------------------------------------------------------------------------------------------------
# The second reviewer judges before seeing what the first one ticked and wrote.
BLIND_SECOND_LOOK = _flag("BLIND_SECOND_LOOK", True)
# Who decides on a request for review of a refusal; empty: the sample words of this site.
OBJECTION_AUTHORITY = _text("OBJECTION_AUTHORITY", "")

# --- probes of return servers ----------------------------------------------------------------------------------
# Both are published to whoever finds us in a log (whitelist:probe-about).
PROBE_USER_AGENT = f"jpki-portal-probe/1 (+{SITE_URL}/whitelist/probes/)"
PROBE_ADDRESSES = _text("PROBE_ADDRESSES", "").split()
PROBES_PER_HOST_AND_HOUR = _number("PROBES_PER_HOST_AND_HOUR", 30 if EMBEDDED else 12)
# The public checker: fewer than the looks a host gets at all, so that strangers cannot use up an applicant's.
CHECKS_PER_ADDRESS_AND_HOUR = _number("CHECKS_PER_ADDRESS_AND_HOUR", 60 if EMBEDDED else 20)
CHECKS_PER_HOST_AND_HOUR = _number("CHECKS_PER_HOST_AND_HOUR", 20 if EMBEDDED else 6)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": _text("LOG_LEVEL", "INFO")},
}
