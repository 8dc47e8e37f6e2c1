"""What whoever agrees on terms should look at twice: the calculation's warnings, and guidance."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from deals.forms.faults import CAUTIONS
from deals.forms.places import place_of
from deals.models import PolicyProfile
from deals.rules.ceilings import Ceilings, above
from deals.rules.faults import Caution
from deals.rules.money import RATIO_SCALE
from deals.rules.terms import Terms
from marketplace.base import formats

# What the calculation itself warns of by a figure that the policy profile gives with its source.
_BY_PROFILE = {"rate.high": "rate", "fixed.high": "fixed", "trial.long": "trial_months"}


def warnings_of(
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
