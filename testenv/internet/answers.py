"""What the name servers and resolvers of the stand-in internet say."""

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from testenv.internet import behaviour, zone
from testenv.internet.behaviour import Behaviour
from testenv.internet.zone import Record, Zone

TTL = 60
NEGATIVE_TTL = 240
NAME_SERVERS = {"ns1": "127.0.53.1", "ns2": "127.0.53.2", "ns3": "127.0.53.3"}
RESOLVERS = {"resolver-a": "127.0.53.11", "resolver-b": "127.0.53.12"}
SERVERS = {**NAME_SERVERS, **RESOLVERS}

MODERN, OLD, SLOW, CLOSED = "127.0.44.1", "127.0.44.2", "127.0.44.3", "127.0.44.4"
_ADDRESSES = {
    Behaviour.OLD_TLS: OLD,
    Behaviour.SLOW: SLOW,
    Behaviour.CLOSED: CLOSED,
    Behaviour.PRIVATE: "10.0.0.5",
}
_GONE = "released-application.cloud.example.net"


def answer(query: dns.message.Message, server: str, written: Zone) -> dns.message.Message | None:
    """The reply of `server` to `query`; None when it keeps silent."""
    question = query.question[0]
    name = question.name.to_text(omit_final_dot=True).lower()
    reply = dns.message.make_response(query, recursion_available=server in RESOLVERS)
    apex = zone.apex_of(name)
    if apex is None:
        reply.set_rcode(dns.rcode.NXDOMAIN if server in RESOLVERS else dns.rcode.REFUSED)
        return reply
    if behaviour.of(name, written.hosts) is Behaviour.SILENT:
        return None
    if server in NAME_SERVERS:
        reply.flags |= dns.flags.AA
    if not _fill(reply, name, dns.rdatatype.to_text(question.rdtype), server, written):
        reply.set_rcode(dns.rcode.NXDOMAIN)
    if not reply.answer or reply.rcode() != dns.rcode.NOERROR:
        reply.authority.append(_soa(apex))
    return reply


def _fill(reply: dns.message.Message, name: str, kind: str, server: str, written: Zone) -> bool:
    """Add the answer about `name`, aliases followed; False when a name does not exist."""
    for _ in range(8):
        records = _records(name, server, written)
        if records is None:
            return False
        if (alias := next((r for r in records if r.type == "CNAME"), None)) and kind != "CNAME":
            _add(reply, [alias])
            name = alias.value.rstrip(".").lower()
            continue
        _add(reply, [record for record in records if record.type == kind])
        break
    return True


def _records(name: str, server: str, written: Zone) -> list[Record] | None:
    """All that stands at `name`, or None when the name does not exist."""
    apex = zone.apex_of(name)
    if apex is None or name == _GONE:
        return None
    own = written.records_of(name, server)
    if name == apex:
        return [*own, _soa_record(apex), *_name_server_records(apex), *_host_records(name, own, written)]
    label, _, rest = name.partition(".")
    if rest == apex and label in NAME_SERVERS:
        return [_made(name, "A", NAME_SERVERS[label])]
    if own and any(record.type in ("CNAME", "A", "AAAA") for record in own):
        return own
    if label.startswith("_") or behaviour.of(name, written.hosts) is Behaviour.MISSING:
        return own or None
    return [*own, *_host_records(name, own, written)]


def _host_records(name: str, own: list[Record], written: Zone) -> list[Record]:
    kind = behaviour.of(name, written.hosts)
    if kind is Behaviour.DANGLING:
        return [_made(name, "CNAME", _GONE)]
    return [_made(name, "A", _ADDRESSES.get(kind, MODERN))]


def _made(name: str, kind: str, value: str) -> Record:
    return Record(name, kind, value, TTL, ())


def _name_server_records(apex: str) -> list[Record]:
    return [_made(apex, "NS", f"{label}.{apex}.") for label in NAME_SERVERS]


def _soa_record(apex: str) -> Record:
    return _made(apex, "SOA", f"ns1.{apex}. hostmaster.{apex}. 1 3600 600 86400 {NEGATIVE_TTL}")


def _soa(apex: str) -> dns.rrset.RRset:
    return dns.rrset.from_text(apex + ".", NEGATIVE_TTL, "IN", "SOA", _soa_record(apex).value)


def _add(reply: dns.message.Message, records: list[Record]) -> None:
    for record in records:
        owner = dns.name.from_text(record.name)
        kind = dns.rdatatype.from_text(record.type)
        found = reply.find_rrset(reply.answer, owner, dns.rdataclass.IN, kind, create=True)
        try:
            found.add(_rdata(record), record.ttl)
        except (dns.exception.DNSException, ValueError):  # what somebody wrote by hand need not be well formed
            reply.answer.remove(found)


def _rdata(record: Record) -> dns.rdata.Rdata:
    value = record.value
    if record.type == "TXT":
        content = value.encode()
        pieces = [content[start : start + 255] for start in range(0, len(content), 255)]
        value = " ".join('"' + "".join(_escaped(byte) for byte in piece) + '"' for piece in pieces)
    if record.type == "CNAME" and not value.endswith("."):
        value += "."
    return dns.rdata.from_text("IN", record.type, value)


def _escaped(byte: int) -> str:
    return chr(byte) if 32 <= byte < 127 and chr(byte) not in '"\\' else f"\\{byte:03d}"
