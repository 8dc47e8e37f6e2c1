"""The site and its people. Importing it makes the Celery application known, as tasks need it."""

from marketplace.celery import app as celery_app

__all__ = ["celery_app"]
