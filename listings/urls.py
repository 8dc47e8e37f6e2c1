"""Addresses of the catalogue, the desk and the listing API."""

from django.urls import URLPattern, URLResolver, path

from listings.api import views as api
from listings.views import catalogue, listing, storefront
from listings.views.desk import portfolio, reviews, terms, wizard

public: list[URLPattern | URLResolver] = [
    path("browse/", catalogue.browse, name="browse"),
    path("results/<slug:public_id>/", listing.listing, name="listing"),
    path("universities/<slug:public_id>/", storefront.storefront, name="storefront"),
    path("results/<slug:public_id>/simulator/", listing.simulator, name="simulator"),
    path(
        "results/<slug:public_id>/simulator/contract.json",
        listing.estimate,
        name="estimate_file",
    ),
]

desk: list[URLPattern | URLResolver] = [
    path("desk/results/", portfolio.portfolio, name="portfolio"),
    path(
        "desk/results/selection/",
        portfolio.portfolio_selection,
        name="portfolio_selection",
    ),
    path("desk/new-result/", wizard.listing_new, name="listing_new"),
    path(
        "desk/results/<slug:public_id>/",
        portfolio.listing_at_desk,
        name="listing_at_desk",
    ),
    path(
        "desk/results/<slug:public_id>/withdraw/",
        wizard.listing_withdraw,
        name="listing_withdraw",
    ),
    path(
        "desk/results/<slug:public_id>/<slug:step>/",
        wizard.listing_step,
        name="listing_step",
    ),
    path(
        "desk/results/<slug:public_id>/<slug:step>/card/",
        wizard.listing_card,
        name="listing_card",
    ),
    path("desk/terms/", terms.terms_templates, name="terms_templates"),
    path("desk/approvals/", reviews.listing_approvals, name="listing_approvals"),
    path(
        "desk/approvals/selection/",
        reviews.listing_approvals_selection,
        name="listing_approvals_selection",
    ),
    path(
        "desk/approvals/<slug:public_id>/",
        reviews.listing_approval,
        name="listing_approval",
    ),
    path("reviews/listings/", reviews.listing_reviews, name="listing_reviews"),
    path(
        "reviews/listings/selection/",
        reviews.listing_reviews_selection,
        name="listing_reviews_selection",
    ),
    path(
        "reviews/listings/<slug:public_id>/",
        reviews.listing_review,
        name="listing_review",
    ),
]

urlpatterns = [*public, *desk]
api_patterns: list[URLPattern | URLResolver] = [
    path("listings/", api.ListingListView.as_view(), name="api_listings"),
    path("listings/<slug:public_id>/", api.ListingView.as_view(), name="api_listing"),
]
