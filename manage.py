#!/usr/bin/env python3
"""Start Django; commands that need servers get the embedded ones unless told of others."""

import os
import sys


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
    # At a terminal DATABASE_URL and REDIS_URL are enough to use other servers. What serves pages
    # and works off tasks (granian, Celery) does not come by here and refuses without a key.
    if "SECRET_KEY" not in os.environ:
        os.environ.setdefault("DEVELOPMENT", "1")
    from marketplace import embedded

    embedded.provide(sys.argv)
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
