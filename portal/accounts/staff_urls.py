"""Below /staff/: the operators' pages about people, and the invitation."""

from django.urls import path

from portal.accounts.views import invitation, staff

app_name = "staff"
urlpatterns = [
    path("", staff.person_list, name="person-list"),
    path("people/<int:pk>/revoke/", staff.role_revoke, name="role-revoke"),
    path("grants/", staff.grant_list, name="grant-list"),
    path("grants/propose/", staff.grant_propose, name="grant-propose"),
    path("grants/<int:pk>/confirm/", staff.grant_confirm, name="grant-confirm"),
    path("grants/<int:pk>/withdraw/", staff.grant_withdraw, name="grant-withdraw"),
    path("invitation/<str:token>/", invitation.invitation, name="invitation"),
]
