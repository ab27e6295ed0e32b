"""One of everything that has a page of its own, beside the demonstration, so that a walk by links meets all of them."""

import hashlib
import uuid
from datetime import date
from typing import Any

from django.utils import timezone

from portal.accounts import recovery as account_recovery
from portal.accounts import recovery_mail, staff
from portal.accounts import services as accounts
from portal.environments import services as environments
from portal.providers import members, recovery
from portal.providers import services as providers
from portal.providers.permissions import provider_of
from tests import organisations
from tests.flows.people import PASSWORD
from tests.flows.scenes_of import applications as cases
from tests.flows.scenes_of import people
from tests.pure.pki.forge import an_authority
from verifier import anchor_proposals
from verifier.pki.profiles import Purpose, World
from whitelist import checks, consumers, domains, imports, rule_changes
from whitelist.policy.finding import Severity

HANAKO, TARO = "hanako@bank.example.jp", "taro@bank.example.jp"
SHIRO, SABURO, GORO = "shiro@bank.example.jp", "saburo@front.example.jp", "goro@behind.example.jp"
ROKURO = "rokuro@front.example.jp"
NEWCOMERS = (
    ("連携 四郎", SHIRO, "member"),
    ("中継 三郎", SABURO, "member"),
    ("背後 五郎", GORO, "member"),
    ("監査 葵", "aoi@j-lis.example.jp", "auditor"),
)
OSAMU = "osamu@j-lis.example.jp"
PUBLISHED, CORRECTED = "https://walk.bank.example.jp/return", "https://walk.bank.example.jp/corrected"
TABLE = "URL,受け取るもの\nhttps://walk.bank.example.jp/return#top,\n"  # a fragment, and nothing it receives


def everything() -> dict:
    """Made by the real verbs, with the demonstration's people; new people's log-ins and the id of a public check."""
    newcomers = [
        {"name": name, "email": email, **people.person(email=email, name=name, role=role)}
        for name, email, role in NEWCOMERS
    ]
    _of_the_bank()
    _cases()
    _of_the_desk()
    check = checks.ask(PUBLISHED, world="production", address="192.0.2.1", at=_now()).check
    log_ins = [{**one, "totp_secret": one["secret"], "password": PASSWORD} for one in newcomers]
    return {"check": check.public_id, "people": log_ins}


def _of_the_bank() -> None:
    """An offer of a domain proof, a table with errors, a member, an invitation, somebody who lost their telephone."""
    hanako = accounts.by_email(HANAKO)
    bank = provider_of(hanako)
    domains.ask(bank, "asked.bank.example.jp", by=hanako, at=_now())
    table = {"name": "table.csv", "world": "production", "form_key": uuid.uuid4()}
    imports.hand_in(bank, content=TABLE.encode(), by=hanako, **table)
    shiro: Any = accounts.by_email(SHIRO)
    members.accept(members.invite(bank, email=shiro.email, role="member", by=hanako), by=shiro)
    members.invite(bank, email="new@bank.example.jp", role="member", by=hanako)
    recovery.ask(bank, email=TARO, reason="gone", by=shiro)


def _cases() -> None:
    """One published, one to be corrected, one that is still written."""
    cases.published(owner=HANAKO, url=PUBLISHED)
    asked = cases.submitted(owner=HANAKO, url=CORRECTED)
    cases.correction_asked(number=asked["number"], fields={"url": "開いたら404でした。"})


def _of_the_desk() -> None:
    """A change of the rules, a TSM, and a role, each waiting for a second person; and a platform operator."""
    osamu = accounts.by_email(OSAMU)
    rule_changes.propose(
        {"url.port": (Severity.INFO, Severity.BLOCK)},
        note="443番以外に届かない利用者がいます。",
        effective_from=_now(),
        notice_days=30,
        by=osamu,
        at=_now(),
    )
    consumers.enter(environments.production(), name="TSM-X", by=osamu, at=_now())
    asked = {"role": "reviewer", "reason": "着任", "by": osamu, "at": _now()}
    staff.propose(email="rin@j-lis.example.jp", name="審査 凛", **asked)
    asked_back: Any = account_recovery.ask(TARO, at=_now())
    token = recovery_mail.proof_token(asked_back)
    account_recovery.prove(token, lost="factors", contact="代表 03-0000-0000", at=_now())
    _anchor()
    _platform_operator()


def _anchor() -> None:
    """A throw-away root that another operator proposed for production."""
    people.person(email="sanae@j-lis.example.jp", name="運用 早苗", role="operator")
    root = an_authority("walk-root", Purpose.SIGNATURE, World.PRODUCTION, serial=0x7001)
    anchor_proposals.propose(
        purpose="signature",
        certificate_der=root.certificate_der,
        fingerprint=hashlib.sha256(root.certificate_der).hexdigest(),
        lists={"card": "https://lists.example.jp/card.crl"},
        by=accounts.by_email("sanae@j-lis.example.jp"),
        at=_now(),
    )


def _platform_operator() -> None:
    """A certified operator with a live entry, whom another organisation asks to verify for it."""
    saburo: Any = accounts.by_email(SABURO)
    front = providers.register(
        name="株式会社見本中継",
        corporate_number=organisations.THIRD_NUMBER,
        legal_basis="certified_operator",
        by=saburo,
    )
    years = {"valid_from": date(2026, 1, 1), "valid_until": date(2099, 12, 31)}
    row = providers.add_accreditation(front, number="見本第001号", is_platform_operator=True, by=saburo, **years)
    providers.confirm_accreditation(row, by=accounts.by_email("reiko@j-lis.example.jp"))
    front.refresh_from_db()
    goro: Any = accounts.by_email(GORO)
    behind = providers.register(
        name="見本商店",
        corporate_number=organisations.SECOND_NUMBER,
        legal_basis="behind_platform_operator",
        by=goro,
    )
    people.person(email=ROKURO, name="中継 六郎")
    members.accept(members.invite(front, email=ROKURO, role="owner", by=saburo), by=accounts.by_email(ROKURO))
    cases.published(owner=SABURO, url="https://walk.front.example.jp/return")
    providers.request_delegation(behind, operator=front, valid_from=date(2026, 1, 1), by=goro)


def _now() -> Any:
    return timezone.now().replace(microsecond=0)
