from django.apps import AppConfig


class WhitelistConfig(AppConfig):
    name = "whitelist"

    def ready(self) -> None:
        from portal import milestones as way
        from whitelist import milestones

        way.register("entry", milestones.entry)
        way.register("application", milestones.application)
        way.register("live", milestones.live)
