"""Both sides sign one hash; the second signature starts the trial."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from deals.models import Fact, Signature
from deals.services.trials import sign_deal
from listings.models import Listing
from marketplace.base.errors import ConflictError, RuleError
from tests.deals.makers import EXCLUSIVE, for_company_d, make_deal, make_listing, sign, trial_end


@pytest.fixture
def deal(cast, at):
    return make_deal(cast, "ready_to_sign", at)


def test_one_signature_does_not_start_the_trial(cast, deal, at):
    deal = sign_deal(deal, sha256=deal.terms.sha256, by=cast.head_a, at=at)
    assert deal.state == "ready_to_sign"
    assert Signature.objects.get().organisation == cast.university_a


def test_the_second_signature_starts_the_trial_of_the_terms(cast, deal, at):
    deal = sign(deal, cast, at)
    assert deal.state == "in_trial"
    assert (deal.trial_from_date, deal.trial_to_date) == (at.date(), trial_end(at.date()))


def test_the_signed_terms_are_the_first_fact_of_the_deal(cast, deal, at):
    deal = sign(deal, cast, at)
    fact = Fact.objects.get()
    assert (fact.kind, fact.payload) == ("terms", deal.terms.document)


def test_the_listing_counts_the_running_trial(cast, deal, at):
    sign(deal, cast, at)
    listing = Listing.objects.get(pk=deal.listing_id)
    assert (listing.trials_running, listing.is_licensed_exclusively) == (1, False)


def test_an_exclusive_licence_closes_the_listing(cast, at):
    deal = make_deal(cast, "in_trial", at, grant=EXCLUSIVE)
    listing = Listing.objects.get(pk=deal.listing_id)
    assert listing.is_licensed_exclusively
    assert not listing.is_open


def test_signing_repeats_the_hash(cast, deal, at):
    with pytest.raises(RuleError, match=r"terms\.hash_differs"):
        sign_deal(deal, sha256="0" * 64, by=cast.head_a, at=at)


def test_a_side_signs_once(cast, deal, at):
    sign_deal(deal, sha256=deal.terms.sha256, by=cast.head_a, at=at)
    with pytest.raises(ConflictError, match=r"signature\.given"):
        sign_deal(deal, sha256=deal.terms.sha256, by=cast.head_a, at=at)


@pytest.mark.parametrize("name", ["officer_a", "contact_c", "finance_c", "head_b", "approver"])
def test_only_head_and_signatory_sign(cast, deal, at, name):
    with pytest.raises(RuleError, match=r"role\.missing"):
        sign_deal(deal, sha256=deal.terms.sha256, by=getattr(cast, name), at=at)


def test_nothing_is_signed_before_the_platform_approved(cast, at):
    deal = make_deal(cast, "half_approved", at)
    with pytest.raises(ConflictError, match=r"state\.moved"):
        sign_deal(deal, sha256=deal.terms.sha256, by=cast.head_a, at=at)


def test_an_inventor_cannot_sign(cast, deal, at):
    deal.listing.inventors.create(name="主任", weight=1, user=cast.head_a.user)
    with pytest.raises(RuleError, match=r"approver\.is_inventor"):
        sign_deal(deal, sha256=deal.terms.sha256, by=cast.head_a, at=at)


def test_of_two_approved_exclusive_licences_only_the_first_is_signed(cast, at):
    listing = make_listing(cast)
    deal = make_deal(cast, "ready_to_sign", at, listing=listing, grant=EXCLUSIVE)
    other = for_company_d(cast)
    second = make_deal(other, "ready_to_sign", at, listing=listing, grant=EXCLUSIVE)
    sign(deal, cast, at)
    with pytest.raises(RuleError, match=r"grant\.overlaps"):
        sign(second, other, at)


def test_the_last_place_is_given_once(cast, at):
    listing = make_listing(cast, trial_places=1)
    deal = make_deal(cast, "ready_to_sign", at, listing=listing)
    other = for_company_d(cast)
    second = make_deal(other, "half_signed", at, listing=listing)
    sign(deal, cast, at)
    with pytest.raises(RuleError, match=r"listing\.no_places"):
        sign_deal(second, sha256=second.terms.sha256, by=other.signatory_c, at=at)
    assert second.terms.signatures.count() == 1


def test_terms_whose_trial_is_over_are_not_started(cast, deal, at):
    with pytest.raises(RuleError, match=r"terms\.trial_over"):
        sign(deal, cast, at + timedelta(days=400))


def test_a_signature_is_kept_by_the_database(cast, deal, at):
    sign(deal, cast, at)
    with pytest.raises(DatabaseError), transaction.atomic():
        Signature.objects.update(sha256="0" * 64)
