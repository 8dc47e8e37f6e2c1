"""Published rates: what the platform recorded, one more, or a file of them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from deals.forms.finance import RateFileForm, RateForm
from deals.models import PublishedRate
from deals.services.rate_files import read_rate_file
from deals.services.rates import plain, record_rates
from deals.views.seats import frame_of
from deals.views.wrong import Problem, problem_of
from marketplace.accounts.http import AccountRequest
from marketplace.accounts.rules import Permission
from marketplace.base import clock
from marketplace.base.errors import RuleError
from marketplace.base.http import guarded, show_refusal
from marketplace.base.policy import needs

READERS = needs("rates.record", "platform.view")
FINANCE = needs("rates.record")
A_PAGE = 50


@guarded(READERS)
def rates(request: AccountRequest) -> HttpResponse:
    """Every recorded value with its source, the newest day first."""
    return _page(request)


@require_POST
@guarded(FINANCE)
def rate_new(request: AccountRequest) -> HttpResponse:
    """Record one value."""
    form = RateForm(request.POST)
    if form.is_valid():
        try:
            record_rates(
                [form.quote()],
                source=form.cleaned_data["source"],
                by=request.actor,
                at=clock.now(),
            )
        except RuleError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Recorded. Deals that waited for it are computed."))
            return redirect("rates")
    return _page(request, form=form)


@require_POST
@guarded(FINANCE)
def rates_upload(request: AccountRequest) -> HttpResponse:
    """Record a file of values, all of them or none."""
    form = RateFileForm(request.POST, request.FILES)
    problems: list[Problem] = []
    if form.is_valid():
        try:
            found = read_rate_file(form.cleaned_data["file"].read(), today=clock.today())
            problems = [problem_of(wrong) for wrong in found.wrong]
            if not problems:
                source = form.cleaned_data["source"]
                rows = record_rates(found.quotes, source=source, by=request.actor, at=clock.now())
                messages.success(request, _("Values recorded: %(count)s.") % {"count": len(rows)})
                return redirect("rates")
        except RuleError as error:
            show_refusal(form, error)
    return _page(request, upload=form, problems=problems)


def _page(
    request: AccountRequest,
    *,
    form: RateForm | None = None,
    upload: RateFileForm | None = None,
    problems: list[Problem] | None = None,
) -> HttpResponse:
    found = PublishedRate.objects.order_by("-rate_date", "series", "revision")
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_frame": frame_of(request.actor),
        "section": "rates",
        "page": page,
        "rows": [{"row": row, "value": plain(row.value)} for row in page.object_list],
        "may_record": request.actor.may(Permission.RATES_RECORD),
        "form": form or RateForm(initial={"rate_date": clock.today()}),
        "upload": upload or RateFileForm(),
        "refused": form or upload,
        "problems": problems or [],
    }
    status = 400 if form or upload else 200
    return render(request, "deals/rates.html", context, status=status)
