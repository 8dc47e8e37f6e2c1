"""Terms: proposed in numbered versions, accepted by both on one hash, frozen from then on."""

from copy import deepcopy
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from deals.models import Deal, TermsVersion
from deals.rules.agreement import digest
from deals.rules.faults import Refused
from deals.services.terms import accept_terms, propose_terms
from listings.models import Patent
from marketplace.base.errors import ConflictError, RuleError
from tests.deals.makers import (
    DEARER,
    EXCLUSIVE,
    GRANT,
    accept,
    for_company_d,
    make_deal,
    make_document,
    make_listing,
    propose,
)


@pytest.fixture
def deal(cast, at):
    return make_deal(cast, "requested", at)


@pytest.fixture
def version(cast, deal, at):
    return propose(deal, cast, at)


def proposed(deal, cast, at, document):
    return propose_terms(deal, document=document, grant=GRANT, by=cast.officer_a, at=at)


def test_the_first_proposal_opens_the_talks(cast, deal, version):
    deal.refresh_from_db()
    assert (version.number, deal.state) == (1, "in_talks")


def test_each_proposal_gets_the_next_number(cast, deal, version, at):
    assert propose(deal, cast, at, offer=DEARER).number == 2


def test_the_contract_and_the_version_are_the_deals_own(cast, deal, at):
    document = make_document(deal, at) | {"contract": "ELSE", "version": 9}
    made = proposed(deal, cast, at, document).document
    assert (made["contract"], made["version"]) == (deal.number, 1)


def test_without_owners_the_licensor_is_the_only_one(cast, deal, at):
    document = make_document(deal, at)
    del document["owners"]
    made = proposed(deal, cast, at, document).document
    assert made["owners"] == [{"party": cast.university_a.public_id, "weight": 1}]


def test_several_universities_own_a_result_by_weight(cast, deal, at):
    owners = [
        {"party": cast.university_a.public_id, "weight": 60},
        {"party": cast.university_b.public_id, "weight": 40},
    ]
    document = make_document(deal, at) | {"owners": owners}
    assert proposed(deal, cast, at, document).document["owners"] == owners


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["university_b"], "owners.without_licensor"),
        (["university_a", "company_c"], "owners.unknown"),
    ],
)
def test_only_the_licensor_and_other_universities_are_owners(cast, deal, at, names, code):
    parties = [getattr(cast, name).public_id for name in names]
    owners = [{"party": party, "weight": 1} for party in parties]
    with pytest.raises(RuleError, match=code):
        proposed(deal, cast, at, make_document(deal, at) | {"owners": owners})


def test_the_inventors_weights_are_fixed_in_the_version(version):
    assert [person["weight"] for person in version.inventors] == [2, 1]


def test_the_hash_covers_document_grant_and_inventors(version):
    assert version.sha256 == digest(version.document, version.grant, version.inventors)
    others = {
        digest(version.document | {"zone": "UTC"}, version.grant, version.inventors),
        digest(version.document, EXCLUSIVE, version.inventors),
        digest(version.document, version.grant, []),
    }
    assert len(others | {version.sha256}) == 4


def test_the_hash_does_not_depend_on_the_order_of_keys(version):
    turned = dict(reversed(version.document.items()))
    assert digest(turned, version.grant, version.inventors) == version.sha256


def without_mode(document):
    del document["streams"][0]["tiers"]["mode"]


def with_a_bare_number(document):
    document["caps"]["lifetime"] = "1,200,000"


def with_an_unknown_key(document):
    document["discount"] = "0.1"


@pytest.mark.parametrize(
    ("spoil", "where"),
    [
        (without_mode, "streams[0].tiers.mode"),
        (with_a_bare_number, "caps.lifetime"),
        (with_an_unknown_key, "discount"),
    ],
)
def test_a_document_that_cannot_be_computed_is_refused_by_its_clause(cast, deal, at, spoil, where):
    document = deepcopy(make_document(deal, at))
    spoil(document)
    with pytest.raises(Refused) as refusal:
        proposed(deal, cast, at, document)
    assert [fault.where for fault in refusal.value.faults] == [where]
    assert not TermsVersion.objects.exists()


def test_terms_without_a_trial_are_refused(cast, deal, at):
    document = deepcopy(make_document(deal, at))
    del document["stages"]["trial"]
    with pytest.raises(RuleError, match=r"terms\.no_trial"):
        proposed(deal, cast, at, document)


def test_a_trial_that_is_over_is_refused(cast, deal, at):
    with pytest.raises(RuleError, match=r"terms\.trial_over"):
        proposed(deal, cast, at + timedelta(days=400), make_document(deal, at))


@pytest.mark.parametrize("name", ["contact_c", "signatory_c", "head_a", "officer_b", "approver"])
def test_only_the_universitys_officer_proposes(cast, deal, at, name):
    with pytest.raises(RuleError, match=r"role\.missing"):
        propose(deal, replace(cast, officer_a=getattr(cast, name)), at)


@pytest.mark.parametrize("state", ["awaiting_platform", "ready_to_sign", "in_trial", "withdrawn"])
def test_nothing_is_proposed_after_the_talks(cast, at, state):
    deal = make_deal(cast, state, at)
    with pytest.raises(ConflictError, match=r"state\.moved"):
        propose(deal, cast, at)


# --- accepting -----------------------------------------------------------------------------------


def test_one_acceptance_does_not_agree(cast, deal, version, at):
    deal = accept_terms(version, sha256=version.sha256, by=cast.signatory_c, at=at)
    assert (deal.state, deal.terms) == ("in_talks", None)


@pytest.mark.parametrize("order", [("head_a", "signatory_c"), ("signatory_c", "head_a")])
def test_both_acceptances_agree_in_any_order(cast, version, at, order):
    for name in order:
        deal = accept_terms(version, sha256=version.sha256, by=getattr(cast, name), at=at)
    assert (deal.state, deal.terms) == ("awaiting_platform", version)


def test_accepting_repeats_the_hash_of_what_was_read(cast, version, at):
    with pytest.raises(RuleError, match=r"terms\.hash_differs"):
        accept_terms(version, sha256="0" * 64, by=cast.signatory_c, at=at)


def test_a_side_accepts_once(cast, version, at):
    accept_terms(version, sha256=version.sha256, by=cast.signatory_c, at=at)
    with pytest.raises(ConflictError, match=r"terms\.accepted"):
        accept_terms(version, sha256=version.sha256, by=cast.signatory_c, at=at)


def test_a_newer_version_voids_the_acceptance_of_an_older_one(cast, deal, version, at):
    accept_terms(version, sha256=version.sha256, by=cast.signatory_c, at=at)
    propose(deal, cast, at, offer=DEARER)
    with pytest.raises(ConflictError, match=r"terms\.superseded"):
        accept_terms(version, sha256=version.sha256, by=cast.head_a, at=at)
    deal.refresh_from_db()
    assert deal.state == "in_talks"


@pytest.mark.parametrize("name", ["officer_a", "contact_c", "finance_c", "head_b", "approver"])
def test_only_head_and_signatory_accept(cast, version, at, name):
    with pytest.raises(RuleError, match=r"role\.missing"):
        accept_terms(version, sha256=version.sha256, by=getattr(cast, name), at=at)


def test_whoever_proposed_cannot_accept(cast, deal, at):
    cast.head_a.membership.roles.append("transfer_officer")
    version = propose(deal, replace(cast, officer_a=cast.head_a), at)
    with pytest.raises(RuleError, match=r"approver\.is_author"):
        accept_terms(version, sha256=version.sha256, by=cast.head_a, at=at)


def test_an_inventor_cannot_accept_for_the_university(cast, deal, version, at):
    deal.listing.inventors.create(name="主任", weight=1, user=cast.head_a.user)
    with pytest.raises(RuleError, match=r"approver\.is_inventor"):
        accept_terms(version, sha256=version.sha256, by=cast.head_a, at=at)


def test_accepted_terms_cannot_be_changed_in_the_database(cast, version, at):
    accept(version, cast, at)
    rows = TermsVersion.objects.filter(pk=version.pk)
    with pytest.raises(DatabaseError, match="accepted terms are frozen"), transaction.atomic():
        rows.update(licensee_accepted_at=None)


@pytest.mark.parametrize(
    "change", [{"territory": "全球"}, {"inventors": []}, {"document": {}}, {"sha256": "0" * 64}]
)
def test_a_proposal_cannot_be_changed_in_the_database(version, change):
    rows = TermsVersion.objects.filter(pk=version.pk)
    with pytest.raises(DatabaseError, match="changed by a new version"), transaction.atomic():
        rows.update(**change)


# --- overlaps ------------------------------------------------------------------------------------


def test_an_exclusive_licence_cannot_stand_beside_a_live_one(cast, at):
    listing = make_listing(cast)
    make_deal(for_company_d(cast), "in_trial", at, listing=listing)
    deal = make_deal(cast, "requested", at, listing=listing)
    with pytest.raises(RuleError, match=r"grant\.overlaps") as refusal:
        propose(deal, cast, at, grant=EXCLUSIVE)
    assert refusal.value.where == "licence_kind"


def test_another_result_with_the_same_patent_counts(cast, at):
    deal = make_deal(cast, "requested", at)
    other = make_listing(cast)
    for listing in (deal.listing, other):
        Patent.objects.create(listing=listing, number="CN202310000001.7")
    make_deal(for_company_d(cast), "paying", at, listing=other, grant=EXCLUSIVE)
    with pytest.raises(RuleError, match=r"grant\.overlaps"):
        propose(deal, cast, at)


def test_non_exclusive_licences_stand_side_by_side(cast, at):
    listing = make_listing(cast)
    make_deal(for_company_d(cast), "in_trial", at, listing=listing)
    assert make_deal(cast, "in_trial", at, listing=listing).state == "in_trial"


def test_a_licence_that_ended_stands_in_nobodys_way(cast, at):
    listing = make_listing(cast)
    make_deal(for_company_d(cast), "exited", at, listing=listing, grant=EXCLUSIVE)
    deal = make_deal(cast, "in_talks", at, listing=listing, grant=EXCLUSIVE)
    assert Deal.objects.get(pk=deal.pk).state == "in_talks"
