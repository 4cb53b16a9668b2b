"""Writing a scope, and the customer's word on it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import NotAllowed, Refusal
from cases.lookups import case_to_move_on, user_of, visible_case
from cases.scopes import services as scopes
from cases.scopes.errors import DraftOvertaken
from cases.scopes.forms import AnswerForm, RecordForm, ScopeForm
from cases.scopes.models import Scope, ScopeState

TEXTS = ("problem", "included", "excluded")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """The next version, filled with the draft or the newest one; POST keeps it (``draft``) or sends it."""
    user, case = user_of(request), case_to_move_on(request, number, "contact")
    newest = case.scopes.first()
    first = (
        {"problem": case.description} if newest is None else {name: getattr(newest, name) for name in TEXTS}
    )
    form = ScopeForm(request.POST or None, initial=first | {"seen": scopes.fingerprint(case)})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                scope = scopes.draft(case, by=user, **form.cleaned_data)
                if "draft" in request.POST:
                    messages.success(request, _("The draft is kept; the customer does not see it."))
                    return redirect(case)
                message = scopes.send(scope, by=user)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                form.data = dict(form.data.items()) | {"seen": scopes.fingerprint(case)}
                status = refusal.status
            else:
                messages.success(request, _("The scope is sent; the customer is asked to agree."))
                return redirect(f"{case.get_absolute_url()}#entry-{message.pk}")
    overtaken = case.scopes.first() if status == DraftOvertaken.status else None
    context = {"case": case, "form": form, "newest": newest, "overtaken": overtaken, "here": request.path}
    return render(request, "cases/scopes/form.html", context, status=status)


@require_POST
@login_required
def answer(request: HttpRequest, number: str, scope_id: int) -> HttpResponse:
    """The customer agrees or objects; an engineer notes down what she said on the phone."""
    user, case = user_of(request), visible_case(request, number, "contact")
    sent = Scope.objects.visible_to(user).exclude(state=ScopeState.DRAFTED)
    scope = get_object_or_404(sent.select_related("case__contact"), pk=scope_id, case=case)
    record = RecordForm(request.POST, case=case) if user.is_vendor else None
    form = record or AnswerForm(request.POST)
    status = 422
    if form.is_valid():
        heard = record.heard() if record else None
        try:
            scopes.answer(scope, agrees=form.agrees(), by=user, words=form.cleaned_data["words"], heard=heard)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = refusal.status
        else:
            messages.success(request, _("Thank you, your word is noted.") if not heard else _("Noted."))
            return redirect(case)
    # What she typed is not lost: she may say it of the version that is in force now.
    newest = case.scopes.exclude(state=ScopeState.DRAFTED).first()
    context = {"case": case, "form": form, "scope": newest, "here": request.path}
    return render(request, "cases/scopes/answer.html", context, status=status)
