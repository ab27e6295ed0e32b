"""Below /account/: a person's own pages, beside those of allauth below /accounts/."""

from django.urls import path

from portal.accounts.views import person

app_name = "person"
urlpatterns = [
    path("", person.account, name="account"),
    path("sessions/<int:pk>/end/", person.session_end, name="session-end"),
]
