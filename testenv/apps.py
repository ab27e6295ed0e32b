from django.apps import AppConfig


class TestenvConfig(AppConfig):
    name = "testenv"

    def ready(self) -> None:
        from portal import milestones
        from testenv.milestones import environment

        milestones.register("environment", environment)
