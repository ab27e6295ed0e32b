"""The list of addresses that lead back inside, and the ways of writing them that are no plain address."""

import pytest

from portal.egress import addresses

REFUSED = {
    "0.0.0.0": "this network",
    "10.1.2.3": "private",
    "100.64.0.1": "carrier-grade",
    "127.0.0.1": "loopback",
    "127.255.255.254": "loopback",
    "168.63.129.16": "cloud",
    "169.254.169.254": "metadata",
    "172.31.255.255": "private",
    "192.0.0.192": "protocol",
    "192.0.2.1": "documentation",
    "192.88.99.1": "6to4",
    "192.168.1.1": "private",
    "198.18.0.1": "benchmarking",
    "198.51.100.7": "documentation",
    "203.0.113.7": "documentation",
    "224.0.0.251": "multicast",
    "240.0.0.1": "reserved",
    "255.255.255.255": "reserved",
    "::": "IPv4-compatible",
    "::1": "loopback",
    "::7f00:1": "IPv4-compatible",
    "::ffff:127.0.0.1": "IPv4-mapped",
    "::ffff:8.8.8.8": "IPv4-mapped",
    "64:ff9b::a9fe:a9fe": "NAT64",
    "64:ff9b:1::7f00:1": "NAT64",
    "100::1": "discard",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2": "Teredo",
    "2001:2::1": "protocol",
    "2001:db8::1": "documentation",
    "2002:7f00:1::1": "6to4",
    "2002:a9fe:a9fe::1": "6to4",
    "2400:cb00::5efe:7f00:1": "ISATAP",
    "2400:cb00::200:5efe:a9fe:a9fe": "ISATAP",
    "3fff::1": "documentation",
    "4000::1": "outside global unicast",
    "5f00::1": "segment routing",
    "fc00::1": "unique local",
    "fd00:ec2::254": "unique local",
    "fe80::1": "link-local",
    "fe80::1%eth0": "zone",
    "2400:cb00::1%1": "zone",
    "fec0::1": "site-local",
    "ff02::1": "multicast",
    "example.jp": "not an address",
    "": "not an address",
}


@pytest.mark.parametrize(("text", "reason"), REFUSED.items())
def test_refused_with_a_reason(text, reason):
    assert reason in addresses.refusal(text)


@pytest.mark.parametrize(
    "text", ["8.8.8.8", "1.1.1.1", "100.128.0.1", "172.32.0.1", "2400:cb00:2048:1::1", "2a00:1450::1"]
)
def test_public_addresses_are_called(text):
    assert addresses.refusal(text) is None


@pytest.mark.parametrize("host", ["8.8.8.8", "2400:cb00::1", "::1", "127.0.0.1"])
def test_a_plain_literal_is_itself(host):
    assert addresses.literal(host) == host


@pytest.mark.parametrize("host", ["example.jp", "0x7f.example", "1.2.3.4.example.jp", "xn--eckwd4c7c.jp"])
def test_a_name_is_no_literal(host):
    assert addresses.literal(host) is None


@pytest.mark.parametrize(
    "host",
    [
        "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "127.0.1", "127.0.0.01", "0x", "127.0.0.1.",
        "169.254.0xa9fe", "1.2.3.4.5", "999.1.1.1", "00000000177.0.0.1", "fe80::1%eth0", "fe80::1%25lo", "::1%1",
        "::g", "[::1", "1:2:3",
    ],
)  # fmt: skip
def test_odd_notations_are_no_address_and_no_name_either(host):
    with pytest.raises(addresses.NotAnAddress):
        addresses.literal(host)
