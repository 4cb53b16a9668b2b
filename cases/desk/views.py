"""The desks: what is to be done by whom, all cases, and the search."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from cases import times
from cases.desk import queries
from cases.desk.progress import prefetched, progress_of
from cases.forms import FilterForm
from cases.lookups import user_of, vendor_of
from cases.mentions.models import Mention
from cases.models import Case, CaseQuerySet
from cases.own_reminders.models import OwnReminder

PER_PAGE = 50


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The desk of this person's role."""
    user = user_of(request)
    if user.is_customer:
        return _customer_home(request, user)
    if user.is_engineer:
        groups = queries.needs_doing_for(user)
        context: dict[str, object] = {"groups": groups, "any_case": any(group.cases for group in groups)}
        context |= _hers(user)
        return render(request, "cases/desk/home_engineer.html", context)
    if not user.is_manager:
        raise Http404
    figures = queries.overview(user)
    most = max((load.open for load in figures.by_engineer), default=0)
    median = times.span(figures.median_age) if figures.median_age is not None else ""
    context = _hers(user)
    context |= {"figures": figures, "most": most, "median": median, **_filtered(request, user)}
    return render(request, "cases/desk/home_manager.html", context)


def _hers(user: User) -> dict[str, object]:
    """What is this person's alone: notes that name her, and what she wanted to be reminded of."""
    due = OwnReminder.objects.visible_to(user).due(timezone.now()).select_related("case")
    return {"mentions": Mention.objects.unread_of(user), "own_reminders": due}


def _customer_home(request: HttpRequest, user: User) -> HttpResponse:
    cases = queries.case_list(user).prefetch_related(*prefetched())
    page = Paginator(cases, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(case, progress_of(case)) for case in page]
    rows.sort(key=lambda row: not row[1].customers_turn)
    return render(request, "cases/desk/home_customer.html", {"page": page, "rows": rows})


def _filtered(request: HttpRequest, user: User) -> dict[str, object]:
    form = FilterForm(request.GET if "status" in request.GET else {"status": "open"})
    cases = queries.case_list(user)
    if form.is_valid():
        cases = _narrowed(cases, form)
    page = Paginator(cases.order_by("-created_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return {"filter": form, "page": page, "query": query.urlencode()}


def _narrowed(cases: CaseQuerySet, form: FilterForm) -> CaseQuerySet:
    status, engineer = form.cleaned_data["status"], form.cleaned_data["engineer"]
    if status == "open":
        cases = cases.open()
    elif status:
        cases = cases.filter(status=status)
    if engineer:
        cases = cases.filter(engineer=engineer)
    return cases.overdue() if form.cleaned_data["overdue"] else cases


@require_safe
@login_required
def case_list(request: HttpRequest) -> HttpResponse:
    """All cases this person may see, with filters."""
    user = user_of(request)
    if user.is_customer:
        return redirect("home")
    return render(request, "cases/desk/list.html", _filtered(request, vendor_of(request)))


@require_safe
@login_required
def search(request: HttpRequest) -> HttpResponse:
    """Cases in which every word of ``q`` occurs; a whole case number goes straight to its case."""
    user = user_of(request)
    if not (user.is_customer or user.is_vendor):
        raise Http404
    text = request.GET.get("q", "").strip()[:200]
    exact = Case.objects.visible_to(user).filter(number__iexact=text).first()
    if exact is not None:
        return redirect(exact)
    cases = queries.case_list(user).filter(pk__in=Case.objects.search(text, user).values("pk"))
    if user.is_customer:
        cases = cases.prefetch_related(*prefetched())
    page = Paginator(cases, PER_PAGE).get_page(request.GET.get("page"))
    # A customer reads of her cases what "My cases" says, not the columns of the vendor's desks.
    rows = [(case, progress_of(case)) for case in page] if user.is_customer else []
    return render(request, "cases/desk/search.html", {"search_text": text, "page": page, "rows": rows})
