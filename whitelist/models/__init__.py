"""Applications ask, entries grant.

An application carries immutable revisions; a check report looks at a revision; a review is bound to both and to the
rule set. An entry is a fact of its own: who may receive an answer where, granted by whom. A list version is what is
stated about the entries of one environment at one moment. The database refuses what the services would refuse: see the
constraints here and the triggers in the migrations. Django finds models by this name: here alone names are passed on.
"""

from whitelist.models.applications import Application, CheckReport, Revision
from whitelist.models.checks import PublicCheck
from whitelist.models.consumers import Acknowledgement, Consumer, MatchCount
from whitelist.models.contacts import ContactConfirmation
from whitelist.models.entries import Entry, EntryQuerySet
from whitelist.models.imports import BulkImport
from whitelist.models.incidents import Recheck, Reinstatement, Retirement, Suspension
from whitelist.models.lists import ListHead, ListMarker, ListVersion, NumberSeries
from whitelist.models.log import LogLeaf, TreeHead
from whitelist.models.probes import DomainProof, Probe
from whitelist.models.reviews import FieldRequest, ProvisionalVerdict, Review
from whitelist.models.rules import RuleSetVersion
from whitelist.models.served import EntryService
from whitelist.models.transitions import Transition

__all__ = [
    "Acknowledgement",
    "Application",
    "BulkImport",
    "CheckReport",
    "Consumer",
    "ContactConfirmation",
    "DomainProof",
    "Entry",
    "EntryQuerySet",
    "EntryService",
    "FieldRequest",
    "ListHead",
    "ListMarker",
    "ListVersion",
    "LogLeaf",
    "MatchCount",
    "NumberSeries",
    "Probe",
    "ProvisionalVerdict",
    "PublicCheck",
    "Recheck",
    "Reinstatement",
    "Retirement",
    "Review",
    "Revision",
    "RuleSetVersion",
    "Suspension",
    "Transition",
    "TreeHead",
]
