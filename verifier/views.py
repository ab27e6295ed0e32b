from django.http import HttpRequest, HttpResponse


def verification_list(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def verification_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    return HttpResponse()
