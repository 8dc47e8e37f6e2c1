"""What was computed from which input, and the runs that compute many deals."""

from django.db import models

from deals.models.deal import Deal


class ComputedInput(models.Model):
    """The input that a deal's rows show: the head of its facts and the day, as one hash."""

    deal = models.OneToOneField(
        Deal, primary_key=True, on_delete=models.PROTECT, related_name="computed"
    )
    input_hash = models.CharField(max_length=64)
    as_of_date = models.DateField()
    computed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.deal_id} {self.as_of_date}"
