"""Listings as the API shows them: what the public page shows, amounts as decimal strings."""

from typing import Any

from rest_framework import serializers

from deals.rules.money import format_amount
from listings.models import Benefit, Listing, Patent
from listings.rules.template import CURRENCY


class MinorUnits(serializers.IntegerField):
    """An amount in minor units, written as a decimal string of the currency: 12000.50."""

    def to_representation(self, value: Any) -> Any:
        """The decimal string of an amount in fen."""
        return format_amount(value, CURRENCY)


class BenefitSerializer(serializers.ModelSerializer[Benefit]):
    """A measured gain."""

    class Meta:
        model = Benefit
        fields = (
            *("label_zh", "label_en", "value", "compared_value", "unit"),
            *("compared_with", "method"),
        )


class PatentSerializer(serializers.ModelSerializer[Patent]):
    """A patent as its register shows it."""

    class Meta:
        model = Patent
        fields = ("number", "office", "kind", "title", "status", "filed_date", "expires_date")


class ListingRowSerializer(serializers.ModelSerializer[Listing]):
    """A listing in a list."""

    id = serializers.CharField(source="public_id")
    organisation = serializers.CharField(source="organisation.name_zh")
    organisation_id = serializers.CharField(source="organisation.public_id")
    city = serializers.CharField(source="organisation.city.code", default=None)
    industry = serializers.CharField(source="industry.code")
    allowance = MinorUnits(source="allowance_minor")
    cap = MinorUnits(source="cap_minor", allow_null=True)

    class Meta:
        model = Listing
        read_only_fields: tuple[str, ...] = (
            *("id", "shelf_code", "title_zh", "title_en", "pitch_zh", "pitch_en", "trl"),
            *("organisation", "organisation_id", "city", "industry", "published_at"),
            *("trial_months", "rate_first", "rate_last", "allowance", "cap"),
            *("has_minimum", "is_guaranteed", "is_sample"),
        )
        fields: tuple[str, ...] = read_only_fields


class ListingSerializer(ListingRowSerializer):
    """A whole listing."""

    benefits = BenefitSerializer(many=True)
    patents = PatentSerializer(many=True)

    class Meta(ListingRowSerializer.Meta):
        read_only_fields = (
            *ListingRowSerializer.Meta.read_only_fields,
            *("state", "original_language", "description_zh", "description_en", "keywords"),
            *("trl_evidence", "trl_missing", "trial_places", "trials_running"),
            *("is_licensed_exclusively", "withdrawn_at", "benefits", "patents"),
        )
        fields = read_only_fields
