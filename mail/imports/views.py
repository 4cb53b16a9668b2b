"""Importing an old thread: choose it, see what will become of it, confirm. The vendor's people only."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.errors import Refusal
from cases import rights
from cases.lookups import user_of, visible_case
from mail.imports import services
from mail.imports.forms import PreviewForm, SourceForm, proposals
from mail.imports.models import ThreadImport
from mail.imports.plans import plan
from mail.imports.texts import REMAINDERS, told_of


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add(request: HttpRequest, number: str) -> HttpResponse:
    """A file or a text to be looked at."""
    case = visible_case(request, number)
    user = user_of(request)
    rights.require(rights.may_note, user, case)
    form = SourceForm(request.POST or None, request.FILES or None, label_suffix="")
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            name, content = form.source()
            try:
                thread = services.look_at(case, name=name, content=content, by=user)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                return redirect("thread-preview", thread.pk)
    context = {"case": case, "form": form, "here": request.path}
    return render(request, "mail/imports/add.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def preview(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """What will become of each mail; on confirmation it does."""
    threads = ThreadImport.objects.visible_to(user_of(request)).select_related("case__organisation")
    thread = get_object_or_404(threads, pk=import_id)
    chain = services.read(services.source_of(thread))
    nobody_knows = planned = plan(thread.case, chain)
    is_new_proposal = False
    if request.method == "POST":
        asked = PreviewForm(request.POST, nobody_knows=nobody_knows, planned=planned)
        if asked.is_valid():
            sides, choices = asked.sides(), asked.choices()
            planned = plan(thread.case, chain, sides, choices)
            is_new_proposal = proposals(planned) != asked.cleaned_data["seen"]
            if "look" not in request.POST and not is_new_proposal:
                done = services.import_thread(thread, by=user_of(request), sides=sides, choices=choices)
                messages.success(request, told_of(done))
                return redirect(thread.case)
    form = PreviewForm(nobody_knows=nobody_knows, planned=planned)
    new = sum(not each.is_there for each in planned)
    context = {
        "case": thread.case,
        "thread": thread,
        "rows": form.rows(planned),
        "is_new_proposal": is_new_proposal,
        "new": new,
        "there": len(planned) - new,
        "remainders": [(REMAINDERS[each.why], each.text) for each in chain.remainders],
        "form": form,
        "here": request.path,
    }
    return render(request, "mail/imports/preview.html", context)
