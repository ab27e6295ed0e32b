from django.apps import AppConfig


class MailboxConfig(AppConfig):
    name = "portal.mailbox"
    label = "mailbox"
