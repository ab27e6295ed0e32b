from django.urls import path

from whitelist.views import applicant, contacts, domains, entries, notices, probes, public, recipes, statistics

app_name = "whitelist"
urlpatterns = [
    path("", applicant.entry_list, name="entry-list"),
    path("add/", applicant.entry_add, name="entry-add"),
    path("entries/<str:public_id>/", entries.entry_detail, name="entry-detail"),
    path("entries/<str:public_id>/stop/", entries.entry_suspend, name="entry-suspend"),
    path("entries/<str:public_id>/give-up/", entries.entry_retire, name="entry-retire"),
    path("entries/<str:public_id>/keep/", entries.entry_keep, name="entry-keep"),
    path("entries/<str:public_id>/remove/", applicant.entry_remove, name="entry-remove"),
    path("check/", public.url_check, name="url-check"),
    path("match/", applicant.url_match, name="url-match"),
    path("applications/", applicant.application_list, name="application-list"),
    path("applications/new/", applicant.application_new, name="application-new"),
    path("applications/<str:public_id>/", applicant.application_detail, name="application-detail"),
    path("applications/<str:public_id>/edit/", applicant.application_edit, name="application-edit"),
    path("applications/<str:public_id>/submit/", applicant.application_submit, name="application-submit"),
    path("applications/<str:public_id>/withdraw/", applicant.application_withdraw, name="application-withdraw"),
    path("applications/<str:public_id>/notice/", notices.for_applicant, name="application-notice"),
    path("contacts/<str:token>/", contacts.contact_confirm, name="contact-confirm"),
    path("recipes/", recipes.recipe_list, name="recipe-list"),
    path("recipes/<str:code>/", recipes.recipe, name="recipe"),
    path("domains/", domains.domain_list, name="domain-list"),
    path("domains/<str:public_id>/", domains.domain_detail, name="domain-detail"),
    path("domains/<str:public_id>/progress/", domains.domain_progress, name="domain-progress"),
    path("domains/<str:public_id>/check/", domains.domain_check, name="domain-check"),
    path("domains/<str:public_id>/method/", domains.domain_method, name="domain-method"),
    path("domains/<str:public_id>/remove/", domains.domain_remove, name="domain-remove"),
    path("probes/", probes.about, name="probe-about"),
    path("list/", public.list_current, name="list-current"),
    path("list/<int:number>/", public.list_version, name="list-version"),
    path("list/<int:number>/signed/", public.list_signed, name="list-signed"),
    path("statistics/", statistics.review_statistics, name="statistics"),
    path("criteria/", public.criteria, name="criteria"),
]
