from django.urls import path

from testenv import views

app_name = "testenv"
urlpatterns = [
    path("", views.environment_detail, name="environment-detail"),
    path("request/", views.environment_request, name="environment-request"),
    path("progress/", views.environment_progress, name="environment-progress"),
    path("first-verification/", views.first_verification_run, name="first-verification"),
    path("lists/publish/", views.list_publish, name="list-publish"),
    path("personas/", views.persona_list, name="persona-list"),
    path("personas/<slug:persona_id>/", views.persona_detail, name="persona-detail"),
    path("personas/<slug:persona_id>/apply/", views.phone_order, name="phone-order"),
    path("orders/<slug:public_id>/", views.order_detail, name="order-detail"),
    path("orders/<slug:public_id>/progress/", views.order_progress, name="order-progress"),
    path("phones/<slug:public_id>/", views.phone_detail, name="phone-detail"),
    path("phones/<slug:public_id>/hold/", views.phone_hold, name="phone-hold"),
    path("phones/<slug:public_id>/release/", views.phone_release, name="phone-release"),
    path("app", views.request_open, name="request-open"),
    path("app/", views.request_list, name="request-list"),
    path("app/<slug:request_id>/", views.request_detail, name="request-detail"),
    path("app/<slug:request_id>/progress/", views.request_progress, name="request-progress"),
    path("app/<slug:request_id>/persona/", views.request_persona, name="request-persona"),
    path("app/<slug:request_id>/pin/", views.request_pin, name="request-pin"),
    path("app/<slug:request_id>/cancel/", views.request_cancel, name="request-cancel"),
    path("app/<slug:request_id>/deliver/", views.request_deliver, name="request-deliver"),
]
