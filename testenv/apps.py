from django.apps import AppConfig


class TestenvConfig(AppConfig):
    name = "testenv"

    def ready(self) -> None:
        from portal import milestones
        from testenv import stand_ins
        from testenv.milestones import environment
        from whitelist import publication

        milestones.register("environment", environment)
        publication.after_publication.append(lambda version: stand_ins.follow_list(version.environment))
