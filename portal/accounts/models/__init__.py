from portal.accounts.models.closure import AccountClosure
from portal.accounts.models.recovery import PersonRecovery
from portal.accounts.models.staff import FirstOperator, StaffGrant
from portal.accounts.models.user import User

__all__ = ["AccountClosure", "FirstOperator", "PersonRecovery", "StaffGrant", "User"]
