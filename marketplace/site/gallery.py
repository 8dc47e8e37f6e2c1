"""What the live style guide shows: every component in every state, with invented values.

The words and figures stand for themselves here; no page of the product reads them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import segno
from django import forms
from django.core.paginator import Paginator
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.base import charts, covers, tones

COLOURS = (
    "bg surface raised sunken line control ink ink2 ink3 brand brand-strong brand-soft accent"
    " accent-soft ok ok-soft warn warn-soft danger danger-soft info info-soft tag tag-line"
    " chart1 chart2 chart3 chart4 chart5 chart6 chart7 chart8"
)
TONES = ("", "brand", "ok", "warn", "danger", "info", "accent", "shelf")


@dataclass(frozen=True)
class Card:
    """What product cards and result rows read."""

    shelf_code: str
    cover: str
    title: str
    benefit: str
    university: str
    trl: int
    rate: str
    cap: int | None
    trial_months: int = 6
    patents: int = 5
    industry: str = ""
    url: str = "#"
    image_url: str = ""
    tags: tuple[dict[str, str], ...] = ()


class SampleForm(forms.Form):
    """One field of each kind."""

    gross = forms.CharField(
        label=gettext_lazy("Sales with VAT"), help_text=gettext_lazy("1 January to 31 March")
    )
    returns = forms.CharField(
        label=gettext_lazy("Returns and rebates"), help_text=gettext_lazy("0 when there were none")
    )
    rate = forms.ChoiceField(
        label=gettext_lazy("VAT rate"),
        choices=[("13", "13%"), ("9", "9%"), ("6", "6%")],
        widget=forms.RadioSelect,
    )
    level = forms.ChoiceField(
        label=gettext_lazy("Readiness"), choices=[(str(n), f"TRL {n}") for n in range(1, 10)]
    )
    acts = forms.MultipleChoiceField(
        label=gettext_lazy("Acts"),
        choices=[("make", gettext_lazy("Make")), ("sell", gettext_lazy("Sell"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    evidence = forms.FileField(
        label=gettext_lazy("Evidence file"),
        help_text=gettext_lazy("At least one file"),
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    checked = forms.BooleanField(label=gettext_lazy("I have checked the figures"), required=False)

    def clean_returns(self) -> str:
        """Always refuses, so that the guide can show an error."""
        raise forms.ValidationError(_("Cannot be more than the sales of 3,390,000.00 yuan"))


def samples() -> dict[str, Any]:
    """The context of the style guide."""
    return {
        "section": "styleguide",
        "colours": COLOURS.split(),
        "tones": TONES,
        "states": sorted(tones.TONE_OF),
        "families": sorted(covers.FAMILIES),
        "levels": range(1, 10),
        "cards": _cards(),
        "empty_form": SampleForm(initial={"rate": "13", "level": "6"}, auto_id="empty_%s"),
        "from_form": SampleForm(initial={"level": "5"}, auto_id="from_%s"),
        "to_form": SampleForm(initial={"level": "8"}, auto_id="to_%s"),
        "wrong_form": SampleForm(
            {"gross": "3,390,000.00", "returns": "33,900,000.00", "rate": "13", "level": "6"}
        ),
        "crumbs": [{"text": _("Browse"), "url": "#"}, {"text": _("Energy"), "url": "#"}],
        "pages": Paginator(range(420), 20).page(7),
        "qr": _qr("https://example.org/s/sample"),
        **_filters(),
        **_progress(),
        **_money(),
        **_people(),
    }


def _cards() -> list[Card]:
    long = _("A title that is far too long for one line because someone described the whole method")
    return [
        Card(
            shelf_code="A-000312",
            cover="bars",
            title=_("Cold-weather fast-charge electrolyte"),
            benefit=_("80% in 15 minutes at −30 °C; 88% capacity after 3,000 cycles"),
            university=_("Sample University of Technology"),
            trl=6,
            rate="4% → 3%",
            cap=120_000_000,
            industry=_("Energy"),
            tags=({"text": _("3 companies on trial"), "tone": "ok", "icon": "check"},),
        ),
        Card(
            shelf_code="D-000315",
            cover="hexagons",
            title=long,
            benefit=_("41% lower feedstock cost"),
            university=_("Sample University of Technology"),
            trl=7,
            rate="3.5%",
            cap=None,
            industry=_("Energy"),
        ),
        Card(
            shelf_code="B-000208",
            cover="helix",
            title=_("Five-in-one rapid test strip"),
            benefit=_("Result in 12 minutes"),
            university=_("Sample Medical University"),
            trl=8,
            rate="2.5%",
            cap=60_000_000,
            industry=_("Energy"),
        ),
    ]


def _filters() -> dict[str, Any]:
    options = [(_("Energy"), 58, True), (_("New materials"), 15, False), (_("Marine"), 0, False)]
    return {
        "options": [
            {"value": str(place), "label": label, "count": count, "checked": checked}
            for place, (label, count, checked) in enumerate(options)
        ],
        "histogram": charts.histogram([5, 9, 15, 29, 39, 46, 34, 20, 7]),
        "filters": [{"label": _("Energy"), "url": "#"}, {"label": "TRL 5–8", "url": "#"}],
    }


def _progress() -> dict[str, Any]:
    steps = [
        (_("Request"), "2026-12-16", "done"),
        (_("Two approvals"), "2026-12-17", "done"),
        (_("Free trial"), "2026-12-18 → 2027-06-17", "done"),
        (_("Conversion"), "2027-07-01", "done"),
        (_("Quarterly instalments"), _("3 of at most 20"), "now"),
        (_("Settled"), "", ""),
    ]
    return {
        "steps": [
            {"title": title, "note": note, "state": state, "url": "#"}
            for title, note, state in steps
        ]
    }


def _money() -> dict[str, Any]:
    payments = [min(4_000_000 + 400_000 * n, 120_000_000) for n in range(15)] + [0] * 5
    parts = (
        charts.Step(_("Sales with VAT"), 339_000_000, is_total=True),
        charts.Step(_("VAT"), -39_000_000),
        charts.Step(_("Returns"), -12_000_000),
        charts.Step(_("Free allowance"), -50_000_000),
        charts.Step(_("Royalty base"), 238_000_000, is_total=True),
    )
    rows = (
        (_("Sales without VAT"), "3,390,000 ÷ 1.13", 300_000_000, ""),
        (_("Free allowance"), "", -50_000_000, ""),
        (_("Royalty base"), "", 238_000_000, "subtotal"),
        (_("Payable"), "", 8_900_000, "total"),
    )
    return {
        "wide": charts.quarter_chart(payments, cap=120_000_000, width=760),
        "phone": charts.quarter_chart(payments, cap=120_000_000, width=340),
        "fall_wide": charts.waterfall_chart(parts, width=860),
        "fall_phone": charts.waterfall_chart(parts, width=340),
        "trend": [3, 4, 3, 6, 7, 7, 9],
        "calculation": [
            {"label": label, "note": note, "amount": amount, "kind": kind}
            for label, note, amount, kind in rows
        ],
        "statement": _statement(),
        "owners": [
            {"label": _("University"), "share": 970, "start": 0, "amount": 8_633_000},
            {"label": _("Co-owner"), "share": 30, "start": 970, "amount": 267_000},
        ],
        "points": [
            {"label": _("Free trial"), "value": _("6 months")},
            {"label": _("Royalty rate"), "value": "4% → 3%"},
        ],
    }


def _statement() -> list[dict[str, Any]]:
    rows = (
        (_("Sales with VAT"), "2027-01-01 – 2027-03-31", "R-0417-03", 339_000_000, ""),
        (_("VAT"), "3,390,000.00 ÷ 1.13 = 3,000,000.00", "4.1", -39_000_000, ""),
        (_("Cap"), "197,000 < 1,200,000", "4.5", None, ""),
        (_("Payable"), "91,400.00 − 2,400.00", "", 8_900_000, "total"),
    )
    return [
        {
            "title": title,
            "formula": formula,
            "source": source,
            "source_url": "#",
            "amount": amount,
            "amount_words": _("no change"),
            "kind": kind,
        }
        for title, formula, source, amount, kind in rows
    ]


def _people() -> dict[str, Any]:
    entries = (
        ("bell", "accent", _("The system reminded you to report")),
        ("circle-check", "ok", _("The university confirmed ¥ 64,000")),
        ("edit", "", _("Returns were corrected")),
    )
    at = datetime.fromisoformat("2027-04-01T09:00:00+08:00")
    return {
        "activity": [
            {"icon": icon, "tone": tone, "text": text, "at": at} for icon, tone, text in entries
        ],
        "first": _side(_("First review · Chen Min"), "done", _("Approved")),
        "second": _side(_("Second review · you"), "now", ""),
        "later": _side(_("Second review"), "later", ""),
        "refused": _side(_("First review · Chen Min"), "refused", _("Refused")),
        "checks": [
            {"text": _("Credit code valid"), "state": "ok"},
            {"text": _("Another trial is running"), "state": "warn"},
            {"text": _("A patent has lapsed"), "state": "danger"},
            {"text": _("Cover left: ¥42.6M"), "state": "info"},
        ],
        "differences": [
            _difference(_("Trial"), _("6 months"), _("9 months"), _("3 months more")),
            _difference(_("Free allowance"), "500,000", "500,000", ""),
        ],
    }


def _side(title: str, state: str, decision: str) -> dict[str, str]:
    text = _("Must be another person than the first")
    return {"title": title, "text": text, "state": state, "decision": decision}


def _difference(label: str, before: str, after: str, note: str) -> dict[str, Any]:
    differs = before != after
    return {"label": label, "before": before, "after": after, "differs": differs, "note": note}


def _qr(address: str) -> SafeString:
    drawing = segno.make_qr(address, error="q").svg_inline(
        border=0, omitsize=True, svgclass=None, lineclass=None
    )
    return mark_safe(drawing)  # noqa: S308 - drawn by segno from our own address
