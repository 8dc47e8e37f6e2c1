"""How the API's steps describe themselves: what a view takes and what it gives."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


class StepSchema(AutoSchema):
    """Reads a view's `takes` and `gives`; a view without them is described as usual."""

    def get_request_serializer(self) -> Any:
        """The input of a step."""
        return getattr(self.view, "takes", None) or super().get_request_serializer()

    def get_response_serializers(self) -> Any:
        """The answer of a step."""
        return getattr(self.view, "gives", None) or super().get_response_serializers()


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The key in the Authorization header, told to the schema."""

    target_class = "marketplace.accounts.api.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """How the header looks."""
        return {"type": "apiKey", "in": "header", "name": "Authorization"}
