from django.urls import path

from whitelist.views import reviewer

app_name = "review"
urlpatterns = [
    path("", reviewer.queue, name="queue"),
    path("<str:public_id>/", reviewer.application_detail, name="application-detail"),
    path("<str:public_id>/claim/", reviewer.application_claim, name="application-claim"),
    path("<str:public_id>/hand-back/", reviewer.application_hand_back, name="application-hand-back"),
    path("<str:public_id>/check-again/", reviewer.application_recheck, name="application-recheck"),
    path("<str:public_id>/decide/", reviewer.application_decide, name="application-decide"),
]
