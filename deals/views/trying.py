"""What a terms document comes to while it is written: warnings, plain words, a trial run."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from deals.forms.faults import CAUTIONS
from deals.forms.places import place_of
from deals.forms.terms import TermsEditor
from deals.forms.terms.sample import SampleForm
from deals.models import PolicyProfile
from deals.rules.ceilings import Ceilings, above, most_payable
from deals.rules.faults import Caution, Refused
from deals.rules.money import RATIO_SCALE
from deals.rules.samples import Sample, sample_periods, try_out
from deals.rules.terms import Terms, validate
from deals.views.periods import period_word
from deals.views.plain import Sentence, figure, money, sentences_of
from marketplace.base import formats

# What the calculation itself warns of by a figure that the policy profile gives with its source.
_BY_PROFILE = {"rate.high": "rate", "fixed.high": "fixed", "trial.long": "trial_months"}


@dataclass(frozen=True)
class Panel:
    """What stands beside the form. Without terms there is nothing but the faults."""

    terms: Terms | None = None
    warnings: Sequence[str] = ()
    sentences: Sequence[Sentence] = ()
    sample_form: SampleForm | None = None
    sample_inputs: Sequence[Any] = ()
    sample: Sample | None = None
    rows: Sequence[Mapping[str, Any]] = ()
    most: str = ""
    total: str = ""
    rate: str = ""
    capped_in: str = ""
    document: str = ""
    kept: Sequence[tuple[str, str]] = ()


def panel_of(
    form: TermsEditor, data: Any, *, profile: PolicyProfile | None, document: Mapping[str, Any]
) -> Panel:
    """The panel of a document, complete with the days of its deal or of a specimen."""
    terms, _faults, cautions = validate(document)
    if terms is None:
        return Panel(kept=[*_sample_figures(data)])
    sample_form = SampleForm(data, terms=terms)
    labels = [period_word(period.name) for period in sample_periods(terms, sample_form.count)]
    sample = _tried(document, sample_form)
    most = most_payable(terms)
    return Panel(
        terms=terms,
        warnings=[*_warnings(terms, cautions, profile)],
        sentences=sentences_of(terms),
        sample_form=sample_form,
        sample_inputs=[*sample_form.rows(labels)],
        sample=sample,
        rows=[*_rows(terms, sample)] if sample else [],
        most="" if most is None else money(terms, most),
        total=money(terms, sample.payable) if sample else "",
        rate=formats.percent(sample.rate) if sample and sample.rate is not None else "",
        capped_in=period_word(sample.capped_in.name) if sample and sample.capped_in else "",
        document=json.dumps(form.document, ensure_ascii=False, indent=1),
    )


def ceilings_of(profile: PolicyProfile | None) -> Ceilings:
    """The ceilings of a policy profile; none before the first."""
    if profile is None:
        return Ceilings()
    rate = profile.ceiling_rate
    return Ceilings(
        rate=None if rate is None else int(rate * RATIO_SCALE),
        fixed=profile.ceiling_fixed_minor,
        trial_months=profile.ceiling_trial_months,
        source=profile.ceiling_source,
    )


def _tried(document: Mapping[str, Any], form: SampleForm) -> Sample | None:
    """The trial run; None for terms that ask for more than sales, or figures out of range."""
    try:
        return try_out(document, form.sales())
    except Refused:
        return None


def _sample_figures(data: Any) -> Iterable[tuple[str, str]]:
    """What was typed as sample sales, to be kept while the terms have a fault."""
    for name in data or ():
        if name == "periods" or name.startswith("sample-"):
            yield name, data[name]


def _rows(terms: Terms, sample: Sample) -> Iterable[Mapping[str, Any]]:
    for row in sample.rows:
        yield {
            "period": period_word(row.period.name),
            "payable": figure(terms, row.payable),
            "total": figure(terms, row.total),
            "dues": [day for day, _amount in row.dues],
        }


def _warnings(
    terms: Terms, cautions: Iterable[Caution], profile: PolicyProfile | None
) -> Iterable[str]:
    """What to look at twice; a ceiling of the profile is named with its figure and source."""
    ceilings = ceilings_of(profile)
    for caution in cautions:
        name = _BY_PROFILE.get(caution.code)
        if name is None or getattr(ceilings, name) is None:
            yield _placed(caution, str(CAUTIONS.get(caution.code, caution.code)))
    for caution in above(terms, ceilings):
        yield _placed(caution, _ceiling_words(caution, ceilings))


def _ceiling_words(caution: Caution, ceilings: Ceilings) -> str:
    source = {"source": ceilings.source}
    if caution.code == "rate.ceiling" and ceilings.rate is not None:
        said = source | {"rate": formats.percent(ceilings.rate * 10_000 // RATIO_SCALE)}
        return _("above %(rate)s, the ceiling of: %(source)s") % said
    if caution.code == "fixed.ceiling" and ceilings.fixed is not None:
        said = source | {"amount": formats.wan(ceilings.fixed)}
        return _("more than %(amount)s in all, the ceiling of: %(source)s") % said
    said = source | {"months": str(ceilings.trial_months)}
    return _("longer than %(months)s months, the ceiling of: %(source)s") % said


def _placed(caution: Caution, sentence: str) -> str:
    said = {"place": place_of(caution.where), "sentence": sentence}
    return _("%(place)s: %(sentence)s") % said
