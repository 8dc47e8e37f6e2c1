"""What the deal API takes and gives. An unknown field is refused: nothing is set in passing."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from deals.models import Deal, Instalment, Receipt, Report, ReportLine, Statement, TermsVersion
from deals.rules.agreement import LICENCE_KINDS
from deals.rules.money import format_amount, parse_amount
from deals.services.statement_rows import standing_lines

CURRENCY = "CNY"


class Amount(serializers.CharField):
    """An amount of money as a decimal string; minor units inside."""

    def to_internal_value(self, data: Any) -> int:  # type: ignore[override]
        """Minor units of a plain ASCII amount; refused otherwise."""
        try:
            return parse_amount(str(data), CURRENCY)
        except ValueError as error:
            raise ValidationError(
                "Write an amount like 12000 or 12000.50.", "amount.invalid"
            ) from error

    def to_representation(self, value: Any) -> str:
        """The decimal string of minor units."""
        return format_amount(value, CURRENCY)


class Strict(serializers.Serializer[Any]):
    """An input that names every field it knows and refuses the others."""

    def to_internal_value(self, data: Any) -> Any:
        """The clean values; an unknown field is named."""
        unknown = sorted(set(data) - set(self.fields)) if isinstance(data, dict) else []
        if unknown:
            raise ValidationError({key: ["Unknown field."] for key in unknown}, "unknown")
        return super().to_internal_value(data)


class TrialRequestInput(Strict):
    """A wish to try a result."""

    use = serializers.CharField(max_length=500)
    site = serializers.CharField(max_length=200)
    indicators = serializers.CharField(max_length=500)
    wished_start_date = serializers.DateField()


class ProposalInput(Strict):
    """A version of the terms: the money clauses as in a contract file, and what is granted."""

    document = serializers.DictField()
    licence_kind = serializers.ChoiceField(choices=LICENCE_KINDS)
    acts = serializers.CharField(max_length=120)
    field_of_use = serializers.CharField(max_length=200)
    territory = serializers.CharField(max_length=120)


class HashInput(Strict):
    """The hash of the terms that the caller has read."""

    sha256 = serializers.RegexField(r"^[0-9a-f]{64}$")


class ApprovalInput(HashInput):
    """An approval, with a note if one is useful."""

    note = serializers.CharField(max_length=500, required=False, default="")


class DecisionInput(HashInput):
    """A refusal or a sending back: a coded reason and a note."""

    reason = serializers.CharField(max_length=20)
    note = serializers.CharField(max_length=500)


class NoteInput(Strict):
    """A reason in words."""

    note = serializers.CharField(max_length=500)


class NothingInput(Strict):
    """A step that needs no words."""


class ExitInput(Strict):
    """The declaration that the result is no longer used."""

    has_stopped = serializers.BooleanField()
    last_use_date = serializers.DateField()
    note = serializers.CharField(max_length=500, required=False, default="")


class LineInput(Strict):
    """One line of a revenue report. `gross` includes tax, deductions do not."""

    sale_date = serializers.DateField()
    stream = serializers.CharField(max_length=40, default="product")
    product = serializers.CharField(max_length=120, default="", allow_blank=True)
    gross = Amount()
    vat_rate = serializers.DecimalField(max_digits=11, decimal_places=10, default=Decimal(0))
    units = serializers.DecimalField(max_digits=20, decimal_places=6, default=Decimal(0))
    deductions = serializers.DictField(child=Amount(), default=dict)
    invoice = serializers.CharField(max_length=60, default="", allow_blank=True)


class ReportInput(Strict):
    """A whole period's sales; no line is a nil report."""

    period = serializers.CharField(max_length=10)
    reason = serializers.CharField(max_length=300, default="", allow_blank=True)
    lines = LineInput(many=True, allow_empty=True)

    def drafted_lines(self) -> list[ReportLine]:
        """The lines as rows that are not saved yet."""
        return [_row(line) for line in self.validated_data["lines"]]


class ReceiptInput(Strict):
    """A bank transfer that arrived."""

    reference = serializers.CharField(max_length=60)
    amount = Amount()
    received_date = serializers.DateField()
    for_period = serializers.CharField(max_length=10, required=False, default="", allow_blank=True)


def _row(line: dict[str, Any]) -> ReportLine:
    return ReportLine(
        sale_date=line["sale_date"],
        stream=line["stream"],
        product=line["product"],
        gross_minor=line["gross"],
        vat_rate=line["vat_rate"],
        units=line["units"],
        deductions=line["deductions"],
        invoice=line["invoice"],
    )


class TermsSerializer(serializers.ModelSerializer[TermsVersion]):
    """One version of the terms."""

    class Meta:
        model = TermsVersion
        fields = (
            *("number", "sha256", "document", "licence_kind", "acts", "field_of_use"),
            *("territory", "inventors", "proposed_at"),
            *("licensor_accepted_at", "licensee_accepted_at"),
        )


class DealSerializer(serializers.ModelSerializer[Deal]):
    """A deal for its parties and the platform."""

    id = serializers.CharField(source="public_id")
    listing = serializers.CharField(source="listing.public_id")
    licensor = serializers.CharField(source="licensor.name_zh")
    licensee = serializers.CharField(source="licensee.name_zh")
    terms = TermsSerializer(allow_null=True)

    class Meta:
        model = Deal
        read_only_fields = (
            *("id", "number", "state", "state_since", "listing", "licensor", "licensee"),
            *("use", "site", "indicators", "wished_start_date", "requested_at", "terms"),
            *("trial_from_date", "trial_to_date", "converted_date", "settled_date"),
            "parked_reason",
        )
        fields = read_only_fields


class ReportSerializer(serializers.ModelSerializer[Report]):
    """A report revision."""

    id = serializers.CharField(source="public_id")

    class Meta:
        model = Report
        fields = (
            *("id", "number", "period", "revision", "state", "reason", "question"),
            *("submitted_at", "accepted_date"),
        )
        read_only_fields = fields


class InstalmentSerializer(serializers.ModelSerializer[Instalment]):
    """An amount of a statement with its due date."""

    amount = Amount(source="amount_minor")
    paid = Amount(source="paid_minor")

    class Meta:
        model = Instalment
        fields = ("amount", "due_date", "paid", "paid_date")


class StatementSerializer(serializers.ModelSerializer[Statement]):
    """A statement: the figures as the calculation prints them, its steps and its instalments."""

    id = serializers.CharField(source="public_id")
    payable = Amount(source="payable_minor")
    disputed = Amount(source="disputed_minor")
    instalments = InstalmentSerializer(many=True)
    lines = serializers.SerializerMethodField()

    class Meta:
        model = Statement
        fields = (
            *("id", "number", "period", "state", "currency", "payable", "disputed", "figures"),
            *("issued_at", "final_date", "instalments", "lines"),
        )
        read_only_fields = fields

    def get_lines(self, statement: Statement) -> list[dict[str, Any]]:
        """Every step as it stands, with its inputs, formula and terms version."""
        return [
            {
                "stage": line.stage,
                "code": line.code,
                "amount": format_amount(line.amount_minor, statement.currency),
                "inputs": line.inputs,
                "formula": line.formula,
                "terms_version": line.terms_version,
                "corrects": line.corrects,
            }
            for line in standing_lines(statement.lines.all())
        ]


class ReceiptSerializer(serializers.ModelSerializer[Receipt]):
    """A recorded transfer."""

    id = serializers.CharField(source="public_id")
    amount = Amount(source="amount_minor")
    reverses = serializers.CharField(source="reverses.reference", default=None)

    class Meta:
        model = Receipt
        fields = (
            *("id", "reference", "amount", "currency", "received_date", "for_period"),
            *("reverses", "reason"),
        )
