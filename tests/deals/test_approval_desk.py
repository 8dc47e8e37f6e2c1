"""The platform's desk: queue, comparison, checks, the two persons, and the three decisions."""

import pytest
from django.urls import reverse
from django.utils import translation

from deals.services.approvals import approve_deal
from listings.models import Patent
from marketplace.base import clock
from tests.deals.makers import DEARER, EXCLUSIVE, for_company_d, make_deal, make_listing
from tests.factories import MembershipFactory


@pytest.fixture(autouse=True)
def chinese():
    """Addresses and words in Chinese, whatever the test before looked at."""
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def now(db):
    return clock.now()


@pytest.fixture
def deal(cast, now):
    return make_deal(cast, "awaiting_platform", now, offer=DEARER)


def desk(deal):
    return reverse("approval", args=[deal.public_id])


def decide(deal, decision, **said):
    return {"sha256": deal.terms.sha256, "decision": decision} | said


def test_the_queue_holds_what_waits_the_longest_first(cast, sign_in, deal, now):
    later = make_deal(cast, "awaiting_platform", now)
    make_deal(cast, "in_trial", now)
    response = sign_in(cast.approver).get(reverse("approvals"))
    assert list(response.context["queue"]) == [deal, later]


@pytest.mark.parametrize("name", ["officer_a", "signatory_c", "member_d", "guest"])
def test_the_desk_is_closed_to_others(cast, sign_in, deal, name):
    assert sign_in(getattr(cast, name)).get(desk(deal)).status_code == 403


@pytest.mark.parametrize("name", ["reviewer", "administrator"])
def test_staff_of_other_desks_do_not_see_the_deal(cast, sign_in, deal, name):
    assert sign_in(getattr(cast, name)).get(desk(deal)).status_code == 404


def test_only_differences_are_worded(cast, sign_in, deal):
    response = sign_in(cast.approver).get(desk(deal))
    rows = {row.label: row for row in response.context["differences"]}
    assert response.context["difference_count"] == 2
    assert (rows["累计封顶"].after, rows["累计封顶"].note) == (
        "100\u00a0万元",
        "少 20\u00a0万元",
    )
    assert not rows["免费试用"].differs


def test_the_worked_quarter_is_on_the_page(cast, sign_in, deal):
    rows = sign_in(cast.approver).get(desk(deal)).context["example"]
    assert [row.label for row in rows][:2] == ["含税销售收入", "减 增值税"]
    assert rows[-1].amount == 11_140_000


def test_the_first_approver_approves(cast, sign_in, deal):
    response = sign_in(cast.approver).post(desk(deal), decide(deal, "approve", note="资质齐全"))
    assert response.status_code == 302
    assert deal.approvals.get().note == "资质齐全"


def test_two_people_make_the_deal_ready_to_sign(cast, sign_in, deal):
    for actor in (cast.approver, cast.second_approver):
        sign_in(actor).post(desk(deal), decide(deal, "approve"))
    deal.refresh_from_db()
    assert deal.state == "ready_to_sign"


def test_the_second_sees_who_was_first_and_what_was_noted(cast, sign_in, deal, now):
    sha256 = deal.terms.sha256
    approve_deal(deal, sha256=sha256, by=cast.approver, at=now, note="用途清楚")
    first, second = sign_in(cast.second_approver).get(desk(deal)).context["people"]
    assert first.title == "初审 · Approver"
    assert "用途清楚" in first.text
    assert (second.title, second.state) == ("复核 · 你", "now")


def test_the_same_person_sees_why_there_is_no_button(cast, sign_in, deal, now):
    approve_deal(deal, sha256=deal.terms.sha256, by=cast.approver, at=now)
    response = sign_in(cast.approver).get(desk(deal))
    assert 'name="decision"' not in response.content.decode()
    assert response.context["refusal"] == "复核人不能与初审人相同。"


def test_a_member_of_a_party_sees_why_there_is_no_button(cast, sign_in, deal):
    MembershipFactory(user=cast.approver.user, organisation=cast.company_c)
    response = sign_in(cast.approver).get(desk(deal))
    assert 'name="decision"' not in response.content.decode()
    assert response.context["refusal"]


def test_the_auditor_reads_and_has_no_button(cast, sign_in, deal):
    response = sign_in(cast.auditor).get(desk(deal))
    assert response.status_code == 200
    assert 'name="decision"' not in response.content.decode()


@pytest.mark.parametrize(("decision", "state"), [("send_back", "in_talks"), ("refuse", "refused")])
def test_saying_no_with_a_reason_and_a_note(cast, sign_in, deal, decision, state):
    said = decide(deal, decision, reason="beyond_listing", note="封顶请回到 120 万")
    assert sign_in(cast.approver).post(desk(deal), said).status_code == 302
    deal.refresh_from_db()
    assert (deal.state, deal.state_note) == (state, "封顶请回到 120 万")


@pytest.mark.parametrize("decision", ["send_back", "refuse"])
@pytest.mark.parametrize(
    ("said", "field"),
    [({"reason": "other"}, "note"), ({"note": "请修改"}, "reason")],
)
def test_what_is_missing_for_a_no_stands_beside_its_field(
    cast, sign_in, deal, decision, said, field
):
    response = sign_in(cast.approver).post(desk(deal), decide(deal, decision, **said))
    assert response.status_code == 400
    assert response.context["form"].errors.keys() == {field}
    deal.refresh_from_db()
    assert deal.state == "awaiting_platform"


def test_whoever_comes_too_late_is_told_the_new_state(cast, sign_in, deal, now):
    said = decide(deal, "approve")
    for actor in (cast.approver, cast.second_approver):
        sign_in(actor).post(desk(deal), said)
    third = MembershipFactory(organisation=cast.platform, roles=["deal_approver"])
    client = sign_in(type(cast.approver)(third.user, third))
    response = client.post(desk(deal), said)
    assert response.status_code == 409
    assert "待签署" in response.content.decode()


def test_a_decision_on_other_terms_is_refused(cast, sign_in, deal):
    said = {"sha256": "0" * 64, "decision": "approve"}
    response = sign_in(cast.approver).post(desk(deal), said)
    assert response.status_code == 400
    assert not deal.approvals.exists()


# --- what the machine checks ----------------------------------------------------------------------


def states_of(client, deal):
    return {check.text: check.state for check in client.get(desk(deal)).context["checks"]}


def test_the_checks_of_an_ordinary_deal(cast, sign_in, now):
    deal = make_deal(cast, "awaiting_platform", now)
    found = states_of(sign_in(cast.approver), deal)
    assert found["企业已通过平台核验"] == "ok"
    assert found["条款与成果页标价一致"] == "ok"
    assert found["与现有许可不冲突"] == "ok"


def test_a_departure_from_the_listing_is_a_warning(cast, sign_in, deal):
    assert states_of(sign_in(cast.approver), deal)["条款与成果页标价不同"] == "warn"


def test_a_patent_that_is_not_granted_is_a_warning(cast, sign_in, deal):
    Patent.objects.create(listing=deal.listing, number="CN1", status="granted")
    Patent.objects.create(listing=deal.listing, number="CN2", status="pending")
    found = states_of(sign_in(cast.approver), deal)
    assert found["2 件专利，其中 1 件已授权"] == "warn"


def test_another_trial_of_the_company_is_a_warning(cast, sign_in, deal, now):
    make_deal(cast, "in_trial", now)
    assert states_of(sign_in(cast.approver), deal)["该企业另有 1 项试用未结束"] == "warn"


def test_an_overlap_that_arose_meanwhile_is_a_danger(cast, sign_in, now):
    listing = make_listing(cast)
    deal = make_deal(cast, "awaiting_platform", now, listing=listing, grant=EXCLUSIVE)
    make_deal(for_company_d(cast), "in_trial", now, listing=listing)
    assert "danger" in states_of(sign_in(cast.approver), deal).values()
