from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "marketplace.base"
    label = "base"

    def ready(self) -> None:
        from marketplace.base import checks  # noqa: F401
