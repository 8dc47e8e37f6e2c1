"""A university's standing terms, from which a deal's first proposal is made."""

from typing import ClassVar

from django.db import models

from marketplace.accounts.models import Organisation
from marketplace.base.models import new_public_id


class TermsTemplate(models.Model):
    """Terms without the deal: the money clauses in the form of the calculation (deals.rules.terms).

    `document` holds what every deal made from it shares: periods, streams, caps, rounding and so
    on. The contract's number, its dates and its parties are added when a deal proposes it.
    Amounts are decimal strings in the template's currency, as in a contract file.
    """

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="terms_templates"
    )
    name = models.CharField(max_length=80)
    family = models.CharField(max_length=20, default="use_first")
    trial_months = models.PositiveSmallIntegerField(default=6)
    licence_kind = models.CharField(max_length=14, default="non_exclusive")
    territory = models.CharField(max_length=80, default="中国内地")
    document = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "name"], name="template_name_once"),
        ]

    def __str__(self) -> str:
        return self.name
