"""The API's root, its OpenAPI schema and a page that explains it without another host."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from marketplace.base.http import guarded
from marketplace.base.policy import PUBLIC

METHODS = ("get", "post")


class RootView(APIView):
    """Where to begin."""

    policy = PUBLIC

    @extend_schema(responses={200: dict})
    def get(self, request: Request) -> Response:
        """The addresses of what there is."""
        names = {"listings": "api_listings", "deals": "api_deals", "schema": "api_schema"}
        return Response({key: reverse(name, request=request) for key, name in names.items()})


class SchemaView(SpectacularAPIView):
    """The OpenAPI description as YAML or JSON."""

    policy = PUBLIC


@guarded(PUBLIC)
def api_docs(request: HttpRequest) -> HttpResponse:
    """Every operation of the schema, its parameters and its body, as plain HTML."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    return render(request, "site/api_docs.html", {"operations": _operations(schema)})


def _operations(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "method": method.upper(),
            "path": path,
            "summary": gettext(operation["description"]),
            "parameters": operation.get("parameters", []),
            "fields": _fields(schema, operation),
            "anchor": operation["operationId"],
        }
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]


def _fields(schema: dict[str, Any], operation: dict[str, Any]) -> list[dict[str, Any]]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    reference = content.get("schema", {}).get("$ref", "")
    shape = schema["components"]["schemas"].get(reference.rpartition("/")[2], {})
    required = set(shape.get("required", []))
    return [
        {"name": name, "type": _type_of(field), "is_required": name in required}
        for name, field in shape.get("properties", {}).items()
    ]


def _type_of(field: dict[str, Any]) -> str:
    named: str = field.get("format") or field.get("type") or "object"
    return named
