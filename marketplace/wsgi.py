"""The WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

from marketplace.base.legible import only_utf_8

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")

application = only_utf_8(get_wsgi_application())
