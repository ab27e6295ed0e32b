"""The site's own settings with two plain views in the place of its pages."""

from portal.settings import *  # noqa: F403
from portal.settings import INSTALLED_APPS as _SITE

INSTALLED_APPS = [*_SITE, "benchmarks.plain"]
ROOT_URLCONF = "benchmarks.plain.urls"
