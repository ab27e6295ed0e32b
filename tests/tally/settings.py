"""The product with one more app, whose job leaves a mark: for tests that kill workers."""

from portal.settings import *

INSTALLED_APPS = [*INSTALLED_APPS, "tests.tally.apps.TallyConfig"]
