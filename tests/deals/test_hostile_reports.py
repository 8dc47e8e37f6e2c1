"""Reports from people in two organisations, from programs, and with figures that nothing holds."""

import pytest
from django.core.exceptions import ValidationError

from deals.forms.money import UnitsField


def test_a_form_refuses_more_pieces_than_a_row_can_hold():
    with pytest.raises(ValidationError):
        UnitsField().clean("9" * 17)
