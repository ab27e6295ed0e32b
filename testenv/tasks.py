"""Background work of the sandbox. Only workers import this file, and through it the CA keys."""

import logging
from functools import partial

from django.utils import timezone

from portal.environments import services as environments
from portal.environments.models import Environment
from portal.jobs import services as jobs
from portal.jobs.registry import Effect, handles, periodic
from testenv import services, stand_ins
from testenv.models import CertificateAuthority
from testenv.steps import following, issuing, provisioning, publishing

log = logging.getLogger(__name__)


@handles("testenv.provision", lease_seconds=180)
def provision(environment_id: int) -> Effect | None:
    try:
        return provisioning.advance(environment_id)
    except Exception:
        log.exception("provisioning of environment %s stopped", environment_id)
        return partial(provisioning.fail, environment_id, "provisioning.stopped")


@handles("testenv.advance_order")
def advance_order(order_id: int) -> Effect | None:
    return issuing.advance(order_id)


@handles("testenv.publish_crls")
def publish_crls(environment_id: int) -> Effect:
    return partial(publishing.publish, Environment.objects.get(pk=environment_id))


@periodic("testenv.keep_lists_fresh", every=300)
def keep_lists_fresh() -> None:
    """Lists and responder certificates are made anew after half their life."""
    ids = CertificateAuthority.objects.values_list("environment_id", flat=True).distinct()
    for environment in Environment.objects.filter(pk__in=ids):
        if publishing.is_due(environment):
            services.request_publication(environment)


@periodic("testenv.keep_public_sandbox", every=60)
def keep_public_sandbox() -> None:
    """The public demonstration is made when it is missing, and its answer renewed before its certificate ends."""
    environment = environments.public_sandbox()
    if services.provisioning_of(environment) is None:
        services.start_provisioning(environment)
    elif environment.state == Environment.State.READY and provisioning.demonstration_is_due(environment):
        jobs.enqueue("testenv.renew_demonstration", environment.pk, lane="ca", key="testenv.renew_demonstration")


@handles("testenv.renew_demonstration")
def renew_demonstration(environment_id: int) -> Effect:
    return partial(provisioning.keep_demonstration, Environment.objects.get(pk=environment_id))


@handles("testenv.follow_list")
def follow_list(environment_id: int, name: str) -> Effect | None:
    """In real time, even where the sandbox's clock was moved: a list ends by real time."""
    environment = Environment.objects.get(pk=environment_id)
    return following.follow(environment, name, at=timezone.now().replace(microsecond=0))


@periodic("testenv.follow_production", every=60)
def follow_production() -> None:
    """The demonstration's stand-ins keep their copies of production's list from ending."""
    stand_ins.follow_list(environments.production())
