"""Where the present work comes from: the request or the job, the client's address, the operator somebody acts for.

Set by the middleware and by `portal.jobs`, read by the audit trail. A context variable: no verb has to carry it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Origin:
    """`request_id` is the request's id or `job_<number>`; `address` the client's as the server saw it, unparsed.

    `acting_operator_id` is the row of the platform operator on whose seat the person acts for a service provider.
    """

    request_id: str = ""
    address: str = ""
    acting_operator_id: int | None = None


NOWHERE = Origin()
_current: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


def current() -> Origin:
    return _current.get()


@contextmanager
def of(origin: Origin) -> Iterator[None]:
    """Everything inside the block comes from `origin`."""
    token = _current.set(origin)
    try:
        yield
    finally:
        _current.reset(token)


def act_for(operator_id: int | None) -> None:
    """From here to the end of the request or job, events say that this platform operator (its row's id) acts."""
    _current.set(replace(_current.get(), acting_operator_id=operator_id))
