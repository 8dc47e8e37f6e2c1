"""What search engines are told: every public page in its three languages."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils.translation import override

from listings.models import Listing
from marketplace.accounts.models import Organisation
from marketplace.base.templatetags.ui import HTML_LANGUAGES

PAGES = ("home", "browse", "use_first", "shelf_code", "api_docs")


class _InThreeLanguages(Sitemap):  # type: ignore[type-arg] # not generic at run time
    """Each page once in each language, with the others named beside it.

    The framework's own way of doing so builds a list of all items in all languages for every file;
    here a file reads its own slice.
    """

    # Three languages make three addresses of one item; a file may hold 50,000.
    limit = 10_000

    def get_urls(self, page: int | str = 1, site: Any = None, protocol: str | None = None) -> Any:
        """The entries of one file, under the site's own address whatever host was asked."""
        return [entry for item in self.paginator.page(page) for entry in self._entries(item)]

    def lastmod(self, item: Any) -> datetime | None:
        """When an item last changed, None where nobody keeps count."""
        return None

    def get_latest_lastmod(self) -> datetime | None:
        """When the newest changed."""
        return None

    def _entries(self, item: Any) -> Iterator[dict[str, object]]:
        paths = dict(self._paths(item))
        others = [
            {"location": path, "lang_code": HTML_LANGUAGES[code]} for code, path in paths.items()
        ]
        default = {"location": paths[settings.LANGUAGE_CODE], "lang_code": "x-default"}
        for path in paths.values():
            yield {
                "location": path,
                "lastmod": self.lastmod(item),
                "alternates": [*others, default],
            }

    def _paths(self, item: Any) -> Iterator[tuple[str, str]]:
        for code, _name in settings.LANGUAGES:
            with override(code):
                yield code, settings.SITE_URL.rstrip("/") + self.location(item)


class PagesSitemap(_InThreeLanguages):
    """The pages that are always there."""

    def items(self) -> tuple[str, ...]:
        """Their URL names."""
        return PAGES

    def location(self, item: str) -> str:
        """The page's path in the active language."""
        return reverse(item)


class ListingsSitemap(_InThreeLanguages):
    """Every listing on the shelf."""

    def items(self) -> QuerySet[Listing]:
        """In a stable order, so that the files of a crawl do not shift."""
        return Listing.objects.published().only("public_id", "published_at").order_by("pk")

    def lastmod(self, item: Listing) -> datetime | None:
        """When it came on the shelf."""
        return item.published_at

    def get_latest_lastmod(self) -> datetime | None:
        """When the newest came on the shelf."""
        newest: datetime | None = Listing.objects.published().aggregate(last=Max("published_at"))[
            "last"
        ]
        return newest

    def location(self, item: Listing) -> str:
        """The listing's path in the active language."""
        return reverse("listing", args=[item.public_id])


class UniversitiesSitemap(_InThreeLanguages):
    """Every verified university's page."""

    def items(self) -> QuerySet[Organisation]:
        """In a stable order."""
        return Organisation.objects.universities().only("public_id", "city").order_by("pk")

    def location(self, item: Organisation) -> str:
        """The university's path in the active language."""
        return reverse("storefront", args=[item.public_id])


SITEMAPS: dict[str, "type[Sitemap[Any]] | Sitemap[Any]"] = {
    "pages": PagesSitemap,
    "universities": UniversitiesSitemap,
    "listings": ListingsSitemap,
}
