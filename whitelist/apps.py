from django.apps import AppConfig


class WhitelistConfig(AppConfig):
    name = "whitelist"

    def ready(self) -> None:
        from portal import milestones as way
        from portal import waiting as desk
        from whitelist import milestones, waiting

        way.register("entry", milestones.entry)
        way.register("application", milestones.application)
        way.register("live", milestones.live)
        desk.register("review:queue", waiting.for_reviewer)
