"""Below /organisation/. The key pages under the same namespace come from portal.environments (see portal.urls)."""

from django.urls import path

from portal.providers.views import choosing, organisation, ownership, reviewer, seats, standing

urlpatterns = [
    path("", organisation.provider_detail, name="provider-detail"),
    path("register/", organisation.provider_register, name="provider-register"),
    path("edit/", organisation.provider_edit, name="provider-edit"),
    path("certifications/add/", organisation.accreditation_add, name="accreditation-add"),
    path("delegations/request/", organisation.delegation_request, name="delegation-request"),
    path("delegations/<int:pk>/", organisation.delegation_detail, name="delegation-detail"),
    path("delegations/<int:pk>/decide/", organisation.delegation_decide, name="delegation-decide"),
    path("seats/", choosing.seat_list, name="seat-list"),
    path("seats/choose/", choosing.seat_choose, name="seat-choose"),
    path("members/", seats.member_list, name="member-list"),
    path("members/invite/", seats.member_invite, name="member-invite"),
    path("members/<int:pk>/role/", seats.member_role, name="member-role"),
    path("members/<int:pk>/remove/", seats.member_remove, name="member-remove"),
    path("members/<int:pk>/hand-over/", ownership.ownership_offer, name="ownership-offer"),
    path("ownership/<int:pk>/answer/", ownership.ownership_answer, name="ownership-answer"),
    path("recovery/", ownership.recovery_ask, name="recovery-ask"),
    path("recovery/<int:pk>/stop/", ownership.recovery_stop, name="recovery-stop"),
    path("invitations/<int:pk>/withdraw/", seats.invitation_withdraw, name="invitation-withdraw"),
    path("invitations/accept/<str:token>/", seats.invitation_accept, name="invitation-accept"),
    path("directory/", reviewer.provider_directory, name="provider-directory"),
    path("directory/<str:public_id>/", reviewer.provider_file, name="provider-file"),
    path("directory/<str:public_id>/recovery/", ownership.recovery_propose, name="recovery-propose"),
    path("directory/<str:public_id>/recovery/<int:pk>/confirm/", ownership.recovery_confirm, name="recovery-confirm"),
    path("directory/<str:public_id>/recovery/<int:pk>/refuse/", ownership.recovery_refuse, name="recovery-refuse"),
    path("directory/<str:public_id>/standing/<str:kind>/<int:pk>/", standing.standing_decide, name="standing-decide"),
]
