"""What people fill in about themselves, their organisation and its members."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import City, Organisation, User
from marketplace.accounts.rules import FIRST_ROLES, ROLES_OF, Kind
from marketplace.accounts.services.organisations import Registration
from marketplace.accounts.services.tokens import Wish
from marketplace.accounts.words import KINDS, ROLE_TASKS, ROLES

TOKEN_DAYS = (30, 90, 180, 365)


class SignUpForm(forms.Form):
    """What signing up asks beyond address and password."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def signup(self, request: Any, user: User) -> None:
        """Called by allauth with the new person."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


class RegistrationForm(forms.Form):
    """Who the organisation is."""

    kind = forms.ChoiceField(
        label=_("Kind of organisation"),
        widget=forms.RadioSelect,
        choices=[(str(kind), KINDS[kind]) for kind in FIRST_ROLES],
    )
    name_zh = forms.CharField(
        label=_("Name in Chinese"),
        max_length=120,
        help_text=_("As on the licence or certificate."),
        widget=forms.TextInput(attrs={"autocomplete": "organization", "lang": "zh-Hans"}),
    )
    name_en = forms.CharField(label=_("Name in English"), max_length=160, required=False)
    credit_code = forms.CharField(
        label=_("Unified social credit code"),
        max_length=30,
        help_text=_("18 digits and letters, as on the licence. Spaces do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    city = forms.ModelChoiceField(
        label=_("City"),
        queryset=City.objects.order_by("position", "code"),
        required=False,
        empty_label=_("Choose a city"),
    )

    def registration(self) -> Registration:
        """What the service takes."""
        said = self.cleaned_data
        return Registration(**{**said, "kind": Kind(said["kind"])})


class RolesForm(forms.Form):
    """The roles of a member, among those of the organisation's kind."""

    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [  # type: ignore[attr-defined]
            (
                str(role),
                gettext("%(role)s: %(task)s") % {"role": ROLES[role], "task": ROLE_TASKS[role]},
            )
            for role in ROLES_OF[Kind(organisation.kind)]
        ]


class InvitationForm(RolesForm):
    """Whom to invite, and as what."""

    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    field_order = ("email", "roles")


class DecisionForm(forms.Form):
    """The platform's answer to a registration."""

    decision = forms.ChoiceField(choices=[("verify", "verify"), ("refuse", "refuse")])
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("Needed to refuse; the registrant reads it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _lifetimes() -> list[tuple[int, str]]:
    """In the language of the page, so at the time the form is shown."""
    return [(days, gettext("%(days)s days") % {"days": days}) for days in TOKEN_DAYS]


class TokenForm(forms.Form):
    """What a new key to the API shall be."""

    name = forms.CharField(
        label=_("Name of the key"),
        max_length=60,
        help_text=_("What it is for, so that you know later which one to revoke."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    days = forms.TypedChoiceField(
        label=_("Good for"),
        coerce=int,
        choices=_lifetimes,
        initial=90,
    )
    may_write = forms.BooleanField(
        label=_("May also change things (otherwise it only reads)"), required=False
    )

    def wish(self) -> Wish:
        """What the service takes."""
        return Wish(**self.cleaned_data)


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """A person's own name and language."""

    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("The language of the page")), *settings.LANGUAGES],
        help_text=_("Of e-mails and of the first page after signing in."),
    )

    class Meta:
        model = User
        fields = ("name", "language")
        labels = {"name": _("Your name")}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}
