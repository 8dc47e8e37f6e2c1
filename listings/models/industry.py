"""Industries: where a listing stands in the hall, and which family its cover is drawn from."""

from django.db import models


class Industry(models.Model):
    """One of the 28, editable by the platform."""

    code = models.SlugField(unique=True)
    aisle = models.CharField(max_length=1)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    cover = models.CharField(max_length=12)
    source = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return self.name_zh
