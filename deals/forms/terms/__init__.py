"""The terms editor: every clause of a contract as a form, and the form as a terms document."""

from deals.forms.terms.editor import TermsEditor
from deals.forms.terms.proposal import ProposalForm
from deals.forms.terms.standing import StandingTermsForm

__all__ = ["ProposalForm", "StandingTermsForm", "TermsEditor"]
