"""A company plays a result's terms through before it asks for anything."""

import pytest

from tests.cast import make_cast
from tests.deals.makers import make_listing, make_policy
from tests.journeys.people import People, Person, Screen, give_passwords

pytestmark = pytest.mark.browser

DESK = Screen("zh-hans", "/", "zh-CN")
PHONE = Screen("en", "/en/", "en-GB", width=390, dark=True, scripts=False)


def play(finance: Person) -> None:
    """From the terms of a result to a paid instalment, by buttons."""
    finance.follow("Rehearse these terms")
    finance.write({"Begins on": "2027-01-01"})
    finance.press("Begin")
    finance.write({"Move the date to": "2027-07-01"})
    finance.press("Move")
    finance.press("Go on and pay from revenue")
    finance.write({"Move the date to": "2027-10-15"})
    finance.press("Move")
    finance.open(finance.link("Fill in"))
    finance.write({"Sales, tax included": "3,390,000"})
    finance.press("File, and the university accepts it")
    finance.open(finance.link("Statement"))
    finance.reads("¥ 95,000.00")


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_a_company_rehearses_a_result_before_it_asks(site, open_page, screen):
    cast = make_cast()
    make_policy()
    listing = make_listing(cast)
    give_passwords()
    finance = People(cast, screen, open_page).finance_c
    finance.page.goto(f"{screen.home}results/{listing.public_id}/")
    play(finance)
