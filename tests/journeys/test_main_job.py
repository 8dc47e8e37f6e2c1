"""The whole main job in a real browser, from an imported list to a settled deal."""

import pytest

from tests.cast import make_cast
from tests.deals.makers import make_policy
from tests.journeys import steps
from tests.journeys.people import People, Screen, give_passwords

pytestmark = pytest.mark.browser

CHINESE = Screen("zh-hans", "/", "zh-CN")
ENGLISH = Screen("en", "/en/", "en-GB", width=390, dark=True)
# The same result, as each of them reads and looks for it; Chinese is typed in Traditional.
TOLD = {
    "zh-hans": {
        "title": "低温快充磷酸铁锂电解液",
        "search": "低溫快充電解液",
        "industry": "A · 新能源与储能",
        "company": "粤储能源有限公司",
    },
    "en": {
        "title": "Fast-charging electrolyte for the cold",
        "search": "electrolyte cold",
        "industry": "A · New energy and storage",
        "company": "Yuechu Energy",
    },
}


@pytest.mark.parametrize("screen", [CHINESE, ENGLISH], ids=["chinese-desk", "english-phone"])
def test_a_list_becomes_a_settled_deal(site, open_page, tmp_path, screen):
    cast = make_cast()
    give_passwords()
    make_policy()
    people = People(cast, screen, open_page)
    story = steps.Story(site, people, **TOLD[screen.language])
    steps.import_a_list(site, tmp_path)
    steps.make_terms(people.head_a)
    steps.complete_the_draft(story, people.officer_a)
    steps.put_on_the_shelf(people)
    # A trial of three months that begins with a quarter ends with it, whatever today is.
    steps.go_to_the_next_quarter(people.contact_c)
    steps.find_and_request(story, people.contact_c)
    steps.agree_on_terms(people)
    steps.approve_twice(story, people)
    steps.sign(people)
    steps.go_to_the_next_quarter(people.signatory_c)
    steps.convert(people.signatory_c)
    steps.report_the_trial(people.finance_c, people.officer_a)
    steps.go_to_the_next_quarter(people.signatory_c)
    steps.report_revenue(people.finance_c)
    steps.accept_the_report(people.officer_a)
    steps.read_the_statement(story, people.finance_c, tmp_path)
    steps.record_the_transfer(story, people.finance_a)
