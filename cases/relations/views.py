"""Relating a case to another, and taking that back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import NotAllowed, Refusal
from cases.lookups import case_to_move_on, user_of
from cases.relations import services
from cases.relations.forms import RelationForm
from cases.relations.kinds import RelationKind
from cases.relations.models import Relation


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def relate(request: HttpRequest, number: str) -> HttpResponse:
    """Asks for the other case and what this one is to it."""
    case, user = case_to_move_on(request, number, "contact", "organisation"), user_of(request)
    form = RelationForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                other = services.find(form.cleaned_data["number"], user)
                services.relate(case, other, RelationKind(form.cleaned_data["kind"]), by=user)
            except NotAllowed:
                raise
            except Refusal as refusal:
                form.add_error("number", str(refusal))
                status = refusal.status
            else:
                messages.success(request, _("Both cases name each other now."))
                return redirect(case)
    context = {"case": case, "form": form, "here": request.path}
    return render(request, "cases/relations/relate.html", context, status=status)


@require_POST
@login_required
def take_back(request: HttpRequest, number: str, relation_id: int) -> HttpResponse:
    """Takes a relation of this case back."""
    case, user = case_to_move_on(request, number, "contact", "organisation"), user_of(request)
    relations = Relation.objects.visible_to(user).select_related("case__contact", "other__contact")
    of_case = relations.filter(case=case) | relations.filter(other=case)
    relation = get_object_or_404(of_case, pk=relation_id)
    try:
        services.take_back(relation, by=user)
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back."))
    return redirect(case)
