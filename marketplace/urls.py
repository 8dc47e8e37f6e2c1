"""Every address of the site."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from deals.urls import api_patterns as deal_api
from listings.urls import api_patterns as listing_api
from marketplace.accounts.admin import settle
from marketplace.site.urls import api_patterns as site_api
from marketplace.site.urls import plain_patterns

settle(admin.site)

urlpatterns = [
    *plain_patterns,
    path("admin/", admin.site.urls),
    path("api/v1/", include(site_api + listing_api + deal_api)),
]
urlpatterns += i18n_patterns(
    path("", include("marketplace.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("listings.urls")),
    path("", include("deals.urls")),
    path("", include("marketplace.site.urls")),
    prefix_default_language=False,
)
handler500 = "marketplace.base.http.server_error"
