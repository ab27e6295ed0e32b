"""How a look ended, from what the guarded connection or the DNS said."""

from portal.egress.names import NoReply, Reply
from portal.http import FetchFailed
from whitelist.policy.server_facts import Outcome

_FETCH = {
    "fetch.timeout": Outcome.TIMEOUT,
    "fetch.unresolvable": Outcome.NO_NAME,
    "fetch.refused_address": Outcome.REFUSED_ADDRESS,
    "fetch.refused_port": Outcome.NOT_ASKED,
    "fetch.too_large": Outcome.TOO_LARGE,
    "fetch.tls": Outcome.HANDSHAKE_FAILED,
}


def of_failure(failure: FetchFailed) -> Outcome:
    if failure.detail == "ConnectionRefusedError":
        return Outcome.REFUSED_CONNECTION
    return _FETCH.get(failure.code, Outcome.UNREACHABLE)


def of_silence(silence: NoReply) -> Outcome:
    return {"timeout": Outcome.TIMEOUT, "garbled": Outcome.SERVER_FAILED}.get(silence.code, Outcome.UNREACHABLE)


def of_reply(reply: Reply) -> Outcome:
    """NXDOMAIN, an answer, an empty answer, or a server that could not say."""
    if reply.rcode == "NXDOMAIN":
        return Outcome.NO_NAME
    if reply.rcode != "NOERROR":
        return Outcome.SERVER_FAILED
    return Outcome.ANSWERED if reply.records else Outcome.NO_DATA
