from portal.accounts.models.staff import FirstOperator, StaffGrant
from portal.accounts.models.user import User

__all__ = ["FirstOperator", "StaffGrant", "User"]
