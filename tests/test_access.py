"""The access matrix: every route of the URLconf, by GET and POST, as every persona.

Who passes the door follows from the policy that each view declares; who sees which object stands in
tests/access_table.py. Nothing answers with a fault, a stranger's object answers like none at all,
and neither reading nor a refused attempt changes a row.
"""

import copy
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import time_machine
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.test.client import ClientHandler
from django.urls import URLPattern, reverse

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import ApiToken
from marketplace.base import clock
from marketplace.base.checks import routes
from marketplace.base.policy import THIRD_PARTY, Policy, declared_on, policy_of
from tests.access_objects import NOON
from tests.access_table import (
    MAY_BE_ABSENT,
    OBJECTS,
    OTHERS_ARGUMENTS,
    READING_MAY_WRITE,
    Sample,
    World,
)
from tests.cast import make_cast, signed_in

TOKENS = ("reader_token", "writer_token")
ARGUMENT = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)|<(?:\w+:)?(\w+)>")
SITE = ClientHandler(enforce_csrf_checks=False)
# Thousands of refusals need no frame around them; whatever they would tell, they still tell.
SHORT_PAGES = {"403.html": "refused {{ exception }}", "404.html": "none {{ exception }}"}
CHANGING = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')


@dataclass(frozen=True)
class Route:
    """One route as the matrix walks it."""

    text: str
    pattern: URLPattern

    @property
    def name(self) -> str:
        return self.pattern.name or self.text

    @property
    def policy(self) -> Policy:
        found = policy_of(self.text, self.pattern.callback)
        assert found is not None, f"{self.text} declares no policy"
        return found

    @property
    def is_api(self) -> bool:
        return self.text.startswith("api/")

    @property
    def is_ours(self) -> bool:
        return declared_on(self.pattern.callback) is not None

    @property
    def has_arguments(self) -> bool:
        return ARGUMENT.search(self.text) is not None

    @property
    def fixed_path(self) -> str:
        """The address of a route without arguments, or of another's with arguments of ours."""
        filled = ARGUMENT.sub(lambda found: OTHERS_ARGUMENTS[found[1] or found[2]], self.text)
        return "/" + filled.replace("^", "").removesuffix("$")


@dataclass(frozen=True)
class Persona:
    """Somebody at the door: who he or she is, and the session or key used."""

    name: str
    actor: Actor
    session: str = ""
    key: str = ""

    def call(self, method: str, path: str, *, is_api: bool) -> HttpResponse:
        """Ask as this persona; without the test client, which copies each template's context."""
        make = RequestFactory(headers={"Authorization": f"Token {self.key}"} if self.key else {})
        make.cookies[settings.SESSION_COOKIE_NAME] = self.session
        if method == "GET":
            return SITE(make.get(path).environ)
        said = {"content_type": "application/json", "data": "{}"} if is_api else {}
        return SITE(make.post(path, **said).environ)

    def passes(self, route: Route, method: str) -> bool:
        """Whether the declared policy admits this persona."""
        if self.key and not route.is_api:
            return route.policy.who == "public"  # A key opens the API alone.
        if self.name == "reader_token" and method == "POST":
            return False
        return route.policy.admits(self.actor)

    @property
    def has_session(self) -> bool:
        return not self.key and self.actor.is_signed_in


@dataclass(frozen=True)
class Stage:
    """The world of one run, and everybody in it."""

    world: World
    personas: list[Persona]


ALL_ROUTES = [Route(text, pattern) for text, pattern in routes()]
OWN_OBJECT_ROUTES = [route for route in ALL_ROUTES if route.has_arguments and route.is_ours]
FIXED_ROUTES = [route for route in ALL_ROUTES if route not in OWN_OBJECT_ROUTES]
SAMPLES = [(route, sample) for route in OWN_OBJECT_ROUTES for sample in OBJECTS.get(route.name, [])]


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker) -> Iterator[Stage]:
    now = time_machine.travel(NOON)
    with django_db_blocker.unblock(), transaction.atomic(), short_refusals(), now:
        cast = make_cast()
        ApiToken.objects.update(last_used_at=clock.now())
        actors = cast.actors | {"disabled": Actor()}
        personas = [
            Persona(name, actor, session_of(cast.actors[name])) for name, actor in actors.items()
        ]
        by_key = zip(TOKENS, (cast.read_key, cast.write_key), strict=True)
        personas += [Persona(name, cast.signatory_c, key=key) for name, key in by_key]
        yield Stage(World(cast), personas)
        transaction.set_rollback(True)


def short_refusals() -> override_settings:
    """Let 403 and 404 answer with a line, everything else with its real page."""
    [engine] = copy.deepcopy(settings.TEMPLATES)
    engine["APP_DIRS"] = False
    engine["OPTIONS"]["loaders"] = [
        (
            "django.template.loaders.cached.Loader",
            [
                ("django.template.loaders.locmem.Loader", SHORT_PAGES),
                "django.template.loaders.filesystem.Loader",
                "django.template.loaders.app_directories.Loader",
            ],
        )
    ]
    return override_settings(TEMPLATES=[engine])


def session_of(actor: Actor) -> str:
    """The key of a session of the actor, "" for nobody."""
    cookie = signed_in(actor).cookies.get(settings.SESSION_COOKIE_NAME)
    return cookie.value if cookie else ""


@contextmanager
def undone() -> Iterator[None]:
    """Everything inside is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def fingerprint() -> dict[str, tuple[int, int]]:
    """Rows and a checksum of each business table."""
    tables = set(connection.introspection.table_names()) - set(READING_MAY_WRITE)
    one = (
        "SELECT '{0}', count(*), coalesce(sum(('x' || left(md5(r::text), 8))::bit(32)::bigint), 0)"
        ' FROM "{0}" r'
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(one.format(table) for table in sorted(tables)))
        return {table: (rows, checksum) for table, rows, checksum in cursor.fetchall()}


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


def check_absence(
    persona: Persona, method: str, response: HttpResponse, none: HttpResponse
) -> None:
    """404 like for nothing; a body may be found wanting before the object is looked for."""
    absent = {404, 400} if method == "POST" else {404}
    assert response.status_code in absent, (persona.name, response.status_code)
    assert response.status_code == none.status_code, persona.name


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
    with undone():
        before = fingerprint()
        for persona in stage.personas:
            if persona.passes(route, method) and persona.name in sample.seen_by:
                continue
            response = persona.call(method, path, is_api=route.is_api)
            if not persona.passes(route, method):
                check_refusal(route, persona, response)
            elif response.status_code != 405:
                none = persona.call(method, nowhere, is_api=route.is_api)
                check_absence(persona, method, response, none)
                assert plain(response, path) == plain(none, nowhere), persona.name
        assert fingerprint() == before
    for persona in stage.personas:
        if persona.passes(route, method) and persona.name in sample.seen_by:
            with undone():
                before = fingerprint()
                response = persona.call(method, path, is_api=route.is_api)
                check_admission(persona, method, response)
                assert method == "POST" or fingerprint() == before, persona.name


def missing(arguments: dict) -> dict:
    """Arguments of the same types that name nothing."""
    return {
        name: 10**9 if isinstance(value, int) else "0" * 16 for name, value in arguments.items()
    }
