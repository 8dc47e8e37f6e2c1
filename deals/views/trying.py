"""What a terms document comes to while it is written: warnings, plain words, a trial run."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deals.forms.terms import TermsEditor
from deals.forms.terms.sample import SampleForm
from deals.models import PolicyProfile
from deals.rules.ceilings import most_payable
from deals.rules.faults import Refused
from deals.rules.samples import Sample, sample_periods, try_out
from deals.rules.terms import Terms, validate
from deals.views.periods import period_word
from deals.views.plain import Sentence, figure, money, sentences_of
from deals.views.warnings import warnings_of
from marketplace.base import formats


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
        warnings=[*warnings_of(terms, cautions, profile)],
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
