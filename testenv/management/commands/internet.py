"""`manage.py internet`: the stand-in internet of embedded mode, until stopped."""

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from testenv.internet import zone
from testenv.internet.standing_in import Internet


class Command(BaseCommand):
    help = "Run the stand-in internet (embedded mode): name servers, resolvers and web servers on loopback."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError("The stand-in internet exists in embedded mode only.")
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        ports = {"dns_port": settings.INTERNET_DNS_PORT, "tls_port": settings.INTERNET_TLS_PORT}
        with Internet(zone.folder(settings.VAR_DIR), **ports):
            stop.wait()
