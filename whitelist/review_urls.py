from django.urls import path

from whitelist.views import case, health, looking, notices, publishing, queue, rules

app_name = "review"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("rules/", rules.rule_list, name="rule-list"),
    path("rules/change/", rules.rule_edit, name="rule-edit"),
    path("rules/<int:number>/", rules.rule_detail, name="rule-detail"),
    path("rules/<int:number>/confirm/", rules.rule_confirm, name="rule-confirm"),
    path("rules/<int:number>/withdraw/", rules.rule_withdraw, name="rule-withdraw"),
    path("entries/", health.board, name="health-board"),
    path("entries/<str:public_id>/", health.entry_detail, name="entry-detail"),
    path("entries/<str:public_id>/effect/progress/", health.entry_effect, name="entry-effect"),
    path("entries/<str:public_id>/stop/", health.entry_suspend, name="entry-suspend"),
    path("entries/<str:public_id>/stop/join/", health.suspension_second, name="suspension-second"),
    path("entries/<str:public_id>/stop/take-back/", health.suspension_drop, name="suspension-drop"),
    path("entries/<str:public_id>/return/", health.return_propose, name="return-propose"),
    path("entries/<str:public_id>/return/confirm/", health.return_confirm, name="return-confirm"),
    path("entries/<str:public_id>/return/take-back/", health.return_withdraw, name="return-withdraw"),
    path("entries/<str:public_id>/leave-live/", health.entry_settle, name="entry-settle"),
    path("publication/", publishing.board, name="publication-board"),
    path("publication/tsm/enter/", publishing.consumer_enter, name="consumer-enter"),
    path("publication/tsm/<str:public_id>/confirm/", publishing.consumer_confirm, name="consumer-confirm"),
    path("publication/tsm/<str:public_id>/end/", publishing.consumer_revoke, name="consumer-revoke"),
    path("<str:public_id>/", case.application_detail, name="application-detail"),
    path("<str:public_id>/notice/", notices.for_reviewer, name="application-notice"),
    path("<str:public_id>/claim/", case.application_claim, name="application-claim"),
    path("<str:public_id>/hand-back/", case.application_hand_back, name="application-hand-back"),
    path("<str:public_id>/check-again/", looking.application_recheck, name="application-recheck"),
    path("<str:public_id>/look/progress/", looking.application_look, name="application-look"),
    path("<str:public_id>/second-look/", case.application_second_look, name="application-second-look"),
    path("<str:public_id>/decide/", case.application_decide, name="application-decide"),
]
