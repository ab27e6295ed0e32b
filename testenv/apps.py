from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.providers.models import ServiceProvider


class TestenvConfig(AppConfig):
    name = "testenv"

    def ready(self) -> None:
        from portal import milestones
        from portal.providers import beginnings
        from testenv import stand_ins
        from testenv.milestones import environment
        from whitelist import publication

        milestones.register("environment", environment)
        beginnings.test_environment.append(_make_one)
        publication.after_publication.append(lambda version: stand_ins.follow_list(version.environment))


def _make_one(provider: "ServiceProvider", by: "User") -> str:
    from testenv import services

    services.request_environment(provider, by=by)
    return "testenv:environment-detail"
