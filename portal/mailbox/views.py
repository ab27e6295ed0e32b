from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from portal.mailbox.models import Message


@require_safe
def message_list(request: HttpRequest) -> HttpResponse:
    return render(request, "mailbox/message_list.html", {"mails": Message.objects.all()[:50]})


@require_safe
def message(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "mailbox/message.html", {"mail": get_object_or_404(Message, pk=pk)})
