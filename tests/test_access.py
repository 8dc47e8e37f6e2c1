"""The access matrix: every route of the URLconf, by GET and POST, as every persona.

Who passes the door follows from the policy that each view declares; who sees which object stands in
tests/access_table.py. Nothing answers with a fault, a stranger's object answers like none at all,
and neither reading nor a refused attempt changes a row.
"""

import re
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.urls import reverse

from marketplace.base.checks import routes
from marketplace.base.policy import THIRD_PARTY, policy_of
from tests.access_stage import Persona, Route, Stage, fingerprint, staged, undone
from tests.access_table import MAY_BE_ABSENT, OBJECTS, Sample

CHANGING = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
ALL_ROUTES = [Route(text, pattern) for text, pattern in routes()]
OWN_OBJECT_ROUTES = [route for route in ALL_ROUTES if route.has_arguments and route.is_ours]
FIXED_ROUTES = [route for route in ALL_ROUTES if route not in OWN_OBJECT_ROUTES]
SAMPLES = [(route, sample) for route in OWN_OBJECT_ROUTES for sample in OBJECTS.get(route.name, [])]


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker) -> Iterator[Stage]:
    with django_db_blocker.unblock(), staged() as made:
        yield made


def check_refusal(route: Route, persona: Persona, response: HttpResponse) -> None:
    """A stranger is sent to sign in, a person without the role is refused; 405 tells nothing."""
    if response.status_code == 405:
        return
    if route.is_api:
        assert response.status_code in (401, 403), (persona.name, response.status_code)
    elif persona.has_session:
        assert response.status_code == 403, (persona.name, response.status_code)
    else:
        assert response.status_code == 302, (persona.name, response.status_code)
        assert "/accounts/login/" in response["Location"]


def check_admission(persona: Persona, method: str, response: HttpResponse) -> None:
    """Whoever passes the door meets no fault; by POST the service may still refuse."""
    refused = {401, 404} if method == "POST" else {401, 403, 404}
    assert response.status_code < 500, (persona.name, response.status_code)
    assert response.status_code not in refused, (persona.name, response.status_code)


def check_absence(route: Route, persona: Persona, method: str, paths: tuple[str, str]) -> None:
    """A stranger's object answers like none; a body may be found wanting before either."""
    there, none = (persona.call(method, path, is_api=route.is_api) for path in paths)
    absent = {404, 405, 400} if method == "POST" else {404, 405}
    assert there.status_code in absent, (persona.name, there.status_code)
    assert there.status_code == none.status_code, persona.name
    assert plain(there, paths[0]) == plain(none, paths[1]), persona.name


def plain(response: HttpResponse, path: str) -> bytes:
    """The body without what differs from request to request."""
    return CHANGING.sub(b"", response.content.replace(path.encode(), b"PATH"))


def test_every_route_declares_a_policy():
    assert [
        route.text for route in ALL_ROUTES if policy_of(route.text, route.pattern.callback) is None
    ] == []


def test_every_entry_of_the_table_of_others_is_used():
    used = {
        start
        for start, _ in THIRD_PARTY
        if any(route.text.startswith(start) for route in ALL_ROUTES if not route.is_ours)
    }
    optional = {"static/", "i18n/", "api/v1/schema/", "api/v1/docs/"}
    assert {start for start, _ in THIRD_PARTY} - used <= optional


def test_every_route_with_arguments_has_samples():
    assert sorted({route.name for route in OWN_OBJECT_ROUTES} - OBJECTS.keys()) == []


def test_no_sample_outlives_its_route():
    assert sorted(OBJECTS.keys() - {route.name for route in OWN_OBJECT_ROUTES}) == []


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("route", FIXED_ROUTES, ids=lambda route: route.text or "home")
def test_the_door_admits_whom_the_policy_names(stage: Stage, route: Route, method: str):
    path = route.fixed_path
    refused = [persona for persona in stage.personas if not persona.passes(route, method)]
    admitted = [persona for persona in stage.personas if persona.passes(route, method)]
    with undone():
        before = fingerprint()
        for persona in refused:
            response = persona.call(method, path, is_api=route.is_api)
            check_refusal(route, persona, response)
        if method == "GET":
            for persona in admitted:
                check_fixed(route, persona, method)
        assert fingerprint() == before
    if method == "POST":
        for persona in admitted:
            with undone():
                check_fixed(route, persona, method)


def check_fixed(route: Route, persona: Persona, method: str) -> None:
    response = persona.call(method, route.fixed_path, is_api=route.is_api)
    if route.is_ours and not (route.name in MAY_BE_ABSENT and response.status_code == 404):
        check_admission(persona, method, response)
    assert response.status_code < 500, (persona.name, response.status_code)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("route", "sample"), SAMPLES, ids=[f"{route.name}: {sample.what}" for route, sample in SAMPLES]
)
def test_an_object_is_seen_by_whom_the_table_names(
    stage: Stage, route: Route, sample: Sample, method: str
):
    arguments = dict(sample.arguments(stage.world))
    path = reverse(route.pattern.name, kwargs=arguments)
    nowhere = reverse(route.pattern.name, kwargs=missing(arguments))
    refused = [persona for persona in stage.personas if not persona.passes(route, method)]
    admitted = [persona for persona in stage.personas if persona.passes(route, method)]
    with undone():
        before = fingerprint()
        for persona in refused:
            check_refusal(route, persona, persona.call(method, path, is_api=route.is_api))
        for persona in admitted:
            if persona.name not in sample.seen_by:
                check_absence(route, persona, method, (path, nowhere))
            elif method == "GET":
                check_admission(persona, method, persona.call(method, path, is_api=route.is_api))
        assert fingerprint() == before
    for persona in admitted:
        if persona.name in sample.seen_by and method == "POST":
            with undone():
                check_admission(persona, method, persona.call(method, path, is_api=route.is_api))


def missing(arguments: dict) -> dict:
    """Arguments of the same types that name nothing."""
    return {
        name: 10**9 if isinstance(value, int) else "0" * 16 for name, value in arguments.items()
    }
