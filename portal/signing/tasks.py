from collections.abc import Callable

from portal.jobs import services as jobs
from portal.jobs.registry import handles, periodic
from portal.signing import services


@periodic("signing.rotate", every=600)
def ask_for_rotation() -> None:
    jobs.enqueue("signing.rotate_keys", lane="ca", key="signing.rotate_keys")


@handles("signing.rotate_keys")
def rotate_keys() -> Callable[[], object]:
    return services.rotate
