"""Fragments for name servers and DNS services. `@host@` is the reader's host, `@domain@` its registrable domain."""

from whitelist.messages.fragment import AZURE_DNS, CLOUDFLARE_DNS, ROUTE53, ZONE, Fragment


def _records(name: str, kind: str, value: str) -> tuple[Fragment, ...]:
    """One record in the words of each DNS product."""
    quoted = value.replace('"', '\\"')
    bare = value.strip('"')
    return (
        Fragment(ZONE, "zone", f"{name}. 300 IN {kind} {value}\n"),
        Fragment(
            ROUTE53,
            "json",
            '{\n  "Changes": [{\n    "Action": "UPSERT",\n    "ResourceRecordSet": {\n'
            f'      "Name": "{name}", "Type": "{kind}", "TTL": 300,\n'
            f'      "ResourceRecords": [{{"Value": "{quoted}"}}]\n    }}\n  }}]\n}}\n',
        ),
        Fragment(
            CLOUDFLARE_DNS,
            "json",
            _cloudflare(name, kind, quoted),
        ),
        Fragment(AZURE_DNS, "shell", _azure(name, kind, bare)),
    )


def _cloudflare(name: str, kind: str, quoted: str) -> str:
    if kind == "CAA":
        data = '{"flags": 0, "tag": "issue", "value": "letsencrypt.org"}'
        return f'{{"type": "CAA", "name": "{name}", "data": {data}}}\n'
    return f'{{"type": "{kind}", "name": "{name}", "content": "{quoted}", "ttl": 300, "proxied": false}}\n'


def _azure(name: str, kind: str, value: str) -> str:
    head = f'az network dns record-set {kind.lower()} add-record --resource-group "$GROUP" --zone-name @domain@ \\\n'
    flag = {
        "A": f"--ipv4-address {value}",
        "TXT": f"--value '{value}'",
        "CAA": '--flags 0 --tag issue --value "letsencrypt.org"',
    }[kind]
    return f'{head}  --record-set-name "{name}" {flag}\n'


ADDRESS = _records("@host@", "A", "203.0.113.10")
PROOF = _records("_jpki-sp.@host@", "TXT", '"jpki-sp=v1;VALUE-FROM-THE-PAGE-DOMAINS"')
CAA = _records("@domain@", "CAA", '0 issue "letsencrypt.org"')
NO_ALIAS = (
    Fragment(ZONE, "zone", "; Take the CNAME away, then:\n@host@. 300 IN A 203.0.113.10\n"),
    *ADDRESS[1:],
)
SIGNED = (
    Fragment(
        ZONE,
        "bind",
        'zone "@domain@" {\n    type primary;\n    file "@domain@.zone";\n'
        "    dnssec-policy default;\n    inline-signing yes;\n};\n",
    ),
    Fragment(ROUTE53, "shell", 'aws route53 enable-hosted-zone-dnssec --hosted-zone-id "$ZONE_ID"  # @domain@\n'),
    Fragment(
        CLOUDFLARE_DNS,
        "shell",
        'curl -X PATCH "https://api.cloudflare.com/client/v4/zones/$ZONE_ID/dnssec" \\\n'
        '  -H "Authorization: Bearer $TOKEN" --json \'{"status": "active"}\'\n',
    ),
    Fragment(
        AZURE_DNS,
        "shell",
        'az network dns dnssec-config create --resource-group "$GROUP" --zone-name @domain@\n',
    ),
)
