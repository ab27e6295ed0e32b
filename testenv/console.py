"""The console of the stand-in internet: what is written in it, and a form for each thing to write. Embedded only."""

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from testenv.internet import answers, zone
from testenv.internet.behaviour import Behaviour

_MONO = {"class": "mono", "autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
REFUSALS = {
    "outside": _("Only names below example.jp, example.com and their kin exist in this internet."),
    "record": _("This record cannot be written."),
    "path": _("A path begins with a slash."),
    "behaviour": _("There is no such behaviour."),
}


class RecordForm(forms.Form):
    """One DNS record."""

    name = forms.CharField(label=_("Name of the record"), max_length=253, widget=forms.TextInput(attrs=_MONO))
    type = forms.ChoiceField(label=_("Type of the record"), choices=[(kind, kind) for kind in zone.RECORD_TYPES])
    value = forms.CharField(label=_("Value of the record"), max_length=1000, widget=forms.TextInput(attrs=_MONO))
    only_at = forms.MultipleChoiceField(
        label=_("Known only to"),
        help_text=_("Nothing ticked: all servers know it."),
        choices=[(label, label) for label in zone.SERVERS],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "inline"}),
        required=False,
    )

    def write(self, path: Path) -> None:
        data = self.cleaned_data
        zone.add_record(path, data["name"], data["type"], data["value"], only_at=tuple(data["only_at"]))


class FileForm(forms.Form):
    """One file on one host."""

    host = forms.CharField(label=_("Host of the file"), max_length=253, widget=forms.TextInput(attrs=_MONO))
    path = forms.CharField(label=_("Path of the file"), max_length=500, widget=forms.TextInput(attrs=_MONO))
    body = forms.CharField(label=_("Content"), max_length=10000, widget=forms.Textarea(attrs={**_MONO, "rows": 3}))

    def write(self, path: Path) -> None:
        data = self.cleaned_data
        zone.put_file(path, data["host"], data["path"], data["body"])


class HostForm(forms.Form):
    """How one host behaves."""

    host = forms.CharField(label=_("Host"), max_length=253, widget=forms.TextInput(attrs=_MONO))
    behaviour = forms.ChoiceField(label=_("Behaviour"), choices=[(kind.value, kind.value) for kind in Behaviour])

    def write(self, path: Path) -> None:
        zone.set_host(path, self.cleaned_data["host"], self.cleaned_data["behaviour"])


FORMS: dict[str, type[RecordForm | FileForm | HostForm]] = {"record": RecordForm, "file": FileForm, "host": HostForm}


@require_http_methods(["GET", "HEAD", "POST"])
def console(request: HttpRequest) -> HttpResponse:
    """Show the zone file; POST with `act` record, file or host writes, with `remove` takes away."""
    path = zone.folder(settings.VAR_DIR) / "zone.json"
    act = request.POST.get("act", "")
    if request.method == "POST" and act == "remove":
        zone.remove(path, request.POST.get("part", ""), _place(request.POST.get("place", "")))
        return redirect("internet:console")
    made: dict[str, Any] = {name: form(auto_id=f"id_{name}_%s") for name, form in FORMS.items()}
    if request.method == "POST" and act in FORMS:
        made[act] = FORMS[act](request.POST, auto_id=f"id_{act}_%s")
        if _is_written(made[act], path):
            notices.success(request, gettext("Written. The servers answer so from now on."))
            return redirect("internet:console")
    context = {
        "forms": made,
        "written": zone.read(path),
        "behaviours": list(Behaviour),
        "servers": answers.SERVERS,
        "zone_file": path,
    }
    return render(request, "testenv/console.html", context)


def _is_written(form: Any, path: Path) -> bool:
    if not form.is_valid():
        return False
    try:
        form.write(path)
    except zone.NotWritable as refused:
        form.add_error(None, REFUSALS[refused.code])
        return False
    return True


def _place(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1
