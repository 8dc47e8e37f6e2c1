"""The page of one listing, and its simulator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from listings.models import Listing
from listings.rules.states import ListingState
from listings.rules.template import summary
from listings.views import cards
from listings.views.desk.shown import AT_THE_DESK
from listings.views.fresh import unless_unchanged
from listings.views.gains import gains
from listings.views.simulation import estimate_file, simulation
from marketplace.accounts.actors import Actor
from marketplace.accounts.rules import Permission
from marketplace.base import clock, formats
from marketplace.base.http import guarded
from marketplace.base.policy import PUBLIC

GONE = 410
SIMILAR = 3


@dataclass(frozen=True)
class Standing:
    """Whether a trial can be asked for; if not, why, its tone, and where the owner goes on."""

    may_request: bool
    words: str = ""
    tone: str = ""
    desk_url: str = ""


@guarded(PUBLIC)
@unless_unchanged
def listing(request: HttpRequest, public_id: str) -> HttpResponse:
    """One listing with its label, benefits, readiness, terms, simulator, patents and people."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    shown = get_object_or_404(Listing.objects.visible_to(actor).for_page(), public_id=public_id)
    today = clock.today()
    context = {
        "section": "browse",
        "listing": shown,
        "title": cards.title_of(shown),
        "pitch": cards.pitch_of(shown),
        "description": cards.in_language(shown.description_zh, shown.description_en),
        "card": cards.card(shown),
        "city": shown.organisation.city and cards.name_of(shown.organisation.city),
        "crumbs": _crumbs(shown),
        "terms": _terms(shown),
        "gains": gains(shown),
        "patents": _patents(shown, today),
        "standing": _standing(shown, actor),
        "simulation": simulation(shown, request.GET, today=today),
        "similar": [cards.card(other) for other in Listing.objects.neighbours_of(shown)[:SIMILAR]],
    }
    is_gone = shown.state == ListingState.WITHDRAWN
    return render(request, "listings/listing.html", context, status=GONE if is_gone else 200)


@guarded(PUBLIC)
def simulator(request: HttpRequest, public_id: str) -> HttpResponse:
    """The simulator alone, for htmx; everyone else is sent to the page that holds it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    shown = get_object_or_404(Listing.objects.visible_to(actor).for_page(), public_id=public_id)
    page = f"{reverse('listing', args=[public_id])}?{request.GET.urlencode()}"
    if not request.htmx:  # type: ignore[attr-defined]
        return HttpResponseRedirect(f"{page}#simulator")
    answer = simulation(shown, request.GET, today=clock.today())
    standing = _standing(shown, actor)
    context = {
        "listing": shown,
        "simulation": answer,
        "standing": standing,
        "is_fragment": True,
    }
    response = render(request, "listings/_simulator.html", context)
    response["HX-Push-Url"] = page
    return response


@guarded(PUBLIC)
def estimate(request: HttpRequest, public_id: str) -> HttpResponse:
    """The estimate as a contract file, to be recomputed by anyone."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    shown = get_object_or_404(Listing.objects.visible_to(actor).for_page(), public_id=public_id)
    file = estimate_file(shown, request.GET, today=clock.today())
    if file is None:
        raise Http404
    headers = {"Content-Disposition": 'attachment; filename="estimate.json"'}
    return JsonResponse(file, headers=headers, json_dumps_params={"ensure_ascii": False})


def _crumbs(shown: Listing) -> Sequence[Mapping[str, str]]:
    browse = reverse("browse")
    crumbs = [{"text": _("Browse"), "url": browse}]
    if shown.industry:
        name = cards.in_language(shown.industry.name_zh, shown.industry.name_en).text
        words = _("Aisle %(aisle)s %(industry)s")
        text = words % {"aisle": shown.industry.aisle, "industry": name}
        crumbs.append({"text": text, "url": f"{browse}?industry={shown.industry.code}"})
    return crumbs


def _terms(shown: Listing) -> Sequence[Mapping[str, str]]:
    """The five lines of the big label."""
    months = _("%(count)s months") % {"count": shown.trial_months}
    no_limit = _("none")
    minimum = summary(shown.terms_template.document).minimum if shown.terms_template else None
    rows = [
        (_("Free trial"), months),
        (_("Royalty rate"), cards.rate_of(shown)),
        (
            _("Free allowance per quarter"),
            formats.wan(shown.allowance_minor) if shown.allowance_minor else no_limit,
        ),
        (_("Lifetime cap"), no_limit if shown.cap_minor is None else formats.wan(shown.cap_minor)),
        (_("Minimum payment a year"), no_limit if minimum is None else formats.wan(minimum)),
    ]
    if shown.terms_template:
        rows.append((_("Licence"), _licence(shown)))
    return [{"label": label, "value": value} for label, value in rows]


def _licence(shown: Listing) -> str:
    kinds = {
        "non_exclusive": _("Non-exclusive"),
        "sole": _("Sole"),
        "exclusive": _("Exclusive"),
    }
    template = shown.terms_template
    if template is None:
        return ""
    kind = kinds.get(template.licence_kind, template.licence_kind)
    return f"{kind} · {cards.territory_word(template.territory)}"


def _patents(shown: Listing, today: date) -> Sequence[Mapping[str, object]]:
    """The patents with tenths of years of protection left, None where that is not known."""
    return [
        {"patent": patent, "days": days, "years": None if days is None else _years(days)}
        for patent in shown.patents.all()
        for days in [patent.days_left(today)]
    ]


def _years(days: int) -> str:
    tenths = days * 10 // 365
    return f"{tenths // 10}.{tenths % 10}"


def _standing(shown: Listing, actor: Actor) -> Standing:
    """Whether this actor may ask for a trial now; the first reason that speaks against it."""
    if actor.belongs_to(shown.organisation):
        opens = any(actor.may(one) for one in AT_THE_DESK)
        desk = reverse("listing_at_desk", args=[shown.public_id]) if opens else ""
        return Standing(False, _("This is your own university's result."), "brand", desk)
    if shown.state != ListingState.PUBLISHED:
        return Standing(False, _("This result is not on the shelf at present."), "warn")
    if shown.is_licensed_exclusively:
        return Standing(False, _("Licensed exclusively: no new trials can start."), "warn")
    if not shown.places_left:
        words = _("All %(count)s trial places are taken. A place opens when a trial ends.")
        return Standing(False, words % {"count": shown.trial_places}, "warn")
    if actor.is_signed_in and not actor.may(Permission.TRIAL_REQUEST):
        return Standing(False, _("The contact of a company asks for trials; your role does not."))
    return Standing(True)
