"""Below /staff/: the operators' pages about people, and the invitation."""

from django.urls import path

from portal.accounts.views import invitation, people, recovery_desk, staff

app_name = "staff"
urlpatterns = [
    path("", staff.person_list, name="person-list"),
    path("people/", people.account_list, name="account-list"),
    path("people/<int:pk>/", people.account_detail, name="account-detail"),
    path("people/<int:pk>/close/", people.account_close, name="account-close"),
    path("people/<int:pk>/reopen/", people.account_reopen, name="account-reopen"),
    path("people/<int:pk>/revoke/", staff.role_revoke, name="role-revoke"),
    path("grants/", staff.grant_list, name="grant-list"),
    path("grants/propose/", staff.grant_propose, name="grant-propose"),
    path("grants/<int:pk>/confirm/", staff.grant_confirm, name="grant-confirm"),
    path("grants/<int:pk>/withdraw/", staff.grant_withdraw, name="grant-withdraw"),
    path("recoveries/", recovery_desk.recovery_list, name="recovery-list"),
    path("recoveries/<int:pk>/", recovery_desk.recovery_detail, name="recovery-detail"),
    path("recoveries/<int:pk>/propose/", recovery_desk.recovery_propose, name="recovery-propose"),
    path("recoveries/<int:pk>/confirm/", recovery_desk.recovery_confirm, name="recovery-confirm"),
    path("recoveries/<int:pk>/refuse/", recovery_desk.recovery_refuse, name="recovery-refuse"),
    path("invitation/<str:token>/", invitation.invitation, name="invitation"),
]
