from django.apps import AppConfig


class TrailConfig(AppConfig):
    """Keeping, showing and handing out the trail that `portal.audit` records; it has no tables of its own."""

    name = "portal.trail"
    label = "trail"
