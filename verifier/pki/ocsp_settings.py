"""OCSP profiles: by which settings a responder is asked, by the names that the table of kinds gives them.

What J-LIS's responders do is not public; the one profile there is holds the defaults of RFC 6960 and RFC 9654. An
operator sets a responder's own at `manage.py ocsp_responder`.
"""

from dataclasses import dataclass
from types import MappingProxyType

from verifier.pki.profiles import KINDS, MediumGroup, Purpose, World


@dataclass(frozen=True, slots=True)
class OcspProfile:
    """How a responder is asked and what is demanded of its answers.

    `cert_id_hash`: sha1 or sha256. `nonce`: required (sent, must come back), allowed (sent, may be missing) or never.
    `keeps_answers`: good answers and holds are used again up to their nextUpdate; whatever was asked with a nonce is
    then believed from the table. `signs_requests`: with the key of OCSP_REQUEST_KEY_FILE. `method`: post or get.
    `max_age_seconds`: of thisUpdate, where nextUpdate is absent. `skew_seconds`: between the responder's clock and
    ours. `delegate_life_days`: of a responder certificate that nobody need check.

    The defaults are RFC 6960's and RFC 9654's.
    """

    cert_id_hash: str = "sha1"
    nonce: str = "required"
    keeps_answers: bool = False
    signs_requests: bool = False
    method: str = "post"
    max_age_seconds: int = 900
    skew_seconds: int = 60
    delegate_life_days: int = 7


OCSP_PROFILES = MappingProxyType({"default": OcspProfile()})


def profile_for(purpose: Purpose, group: MediumGroup, world: World) -> OcspProfile:
    """The profile of the first kind in the table that such a responder speaks about; the default one where the table
    has none.
    """
    named = (
        row.ocsp_profile for row in KINDS if row.purpose is purpose and row.medium.group == group and row.world is world
    )
    return OCSP_PROFILES[next(named, "default")]
