from django.urls import path

from whitelist.api import checks, log_views, preflight, tsm_views, views

urlpatterns = [
    path("whitelist/lookup", views.WhitelistLookup.as_view(), name="whitelist-lookup"),
    path("whitelist/preflight", preflight.WhitelistPreflight.as_view(), name="whitelist-preflight"),
    path("whitelist/list", views.WhitelistList.as_view(), name="whitelist-list"),
    path("whitelist/log/head", log_views.LogHead.as_view(), name="log-head"),
    path("whitelist/log/leaves", log_views.LogLeaves.as_view(), name="log-leaves"),
    path("whitelist/log/inclusion", log_views.LogInclusion.as_view(), name="log-inclusion"),
    path("whitelist/log/consistency", log_views.LogConsistency.as_view(), name="log-consistency"),
    path("tsm/list", tsm_views.TsmList.as_view(), name="tsm-list"),
    path("tsm/acknowledgements", tsm_views.TsmAcknowledgement.as_view(), name="tsm-acknowledge"),
    path("tsm/matches", tsm_views.TsmMatches.as_view(), name="tsm-matches"),
    path("return-servers/check", checks.ReturnServerCheck.as_view(), name="return-server-check"),
    path(
        "return-servers/checks/<str:public_id>",
        checks.ReturnServerCheckResult.as_view(),
        name="return-server-check-result",
    ),
]
