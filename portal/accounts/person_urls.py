"""Below /account/: a person's own pages, beside those of allauth below /accounts/."""

from django.urls import path

from portal.accounts.views import person, recovery

app_name = "person"
urlpatterns = [
    path("", person.account, name="account"),
    path("sessions/<int:pk>/end/", person.session_end, name="session-end"),
    path("recovery/", recovery.ask, name="recovery-ask"),
    path("recovery/prove/<str:token>/", recovery.prove, name="recovery-prove"),
    path("recovery/stop/", recovery.stop_own, name="recovery-stop-own"),
    path("recovery/stop/<str:token>/", recovery.stop, name="recovery-stop"),
]
