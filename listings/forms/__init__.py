"""The forms of the desk."""

from listings.forms.parts import MaturityForm, PatentsForm, PeopleForm
from listings.forms.reviews import DecisionForm, SelectionForm
from listings.forms.steps import PitchForm, TermsForm

__all__ = [
    "DecisionForm",
    "MaturityForm",
    "PatentsForm",
    "PeopleForm",
    "PitchForm",
    "SelectionForm",
    "TermsForm",
]
