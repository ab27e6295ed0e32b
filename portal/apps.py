from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        from portal import checks  # noqa: F401  registers the start-up checks
        from portal.celery import app  # noqa: F401  the Celery app must exist before a task is sent
