"""Below /trust-anchors/: the operators' page about the CAs that production believes."""

from django.urls import path

from verifier import anchor_views

app_name = "anchors"
urlpatterns = [
    path("", anchor_views.anchor_list, name="anchor-list"),
    path("proposals/<str:public_id>/confirm/", anchor_views.proposal_confirm, name="proposal-confirm"),
    path("proposals/<str:public_id>/withdraw/", anchor_views.proposal_withdraw, name="proposal-withdraw"),
    path("<str:public_id>/distrust/", anchor_views.anchor_distrust, name="anchor-distrust"),
]
