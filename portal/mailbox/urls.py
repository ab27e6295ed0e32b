from django.urls import path

from portal.mailbox import views

app_name = "mailbox"
urlpatterns = [
    path("", views.message_list, name="message-list"),
    path("<int:pk>/", views.message, name="message"),
]
