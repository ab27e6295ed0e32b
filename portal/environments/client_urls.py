"""Below /organisation/keys/, in the namespace `providers`."""

from django.urls import path

from portal.environments import client_views as views

urlpatterns = [
    path("keys/", views.client_list, name="client-list"),
    path("keys/issue/", views.client_issue, name="client-issue"),
    path("keys/<int:pk>/", views.client_issued, name="client-issued"),
    path("keys/<int:pk>/revoke/", views.client_revoke, name="client-revoke"),
]
