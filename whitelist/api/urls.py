from django.urls import path

from whitelist.api import views

urlpatterns = [
    path("whitelist/lookup", views.WhitelistLookup.as_view(), name="whitelist-lookup"),
    path("whitelist/list", views.WhitelistList.as_view(), name="whitelist-list"),
]
