from django.apps import AppConfig


class WhitelistConfig(AppConfig):
    name = "whitelist"

    def ready(self) -> None:
        from portal import milestones as way
        from portal import waiting as desk
        from portal.providers import owners
        from whitelist import milestones, publication, served, waiting

        way.register("entry", milestones.entry)
        way.register("application", milestones.application)
        way.register("live", milestones.live)
        owners.need_two_while(milestones.has_production_entry)
        publication.after_publication.append(served.follow_publication)
        desk.register("review:queue", waiting.for_reviewer)
