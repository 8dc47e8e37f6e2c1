"""What the access matrix walks over: the routes, the personas, and the site under their calls."""

import copy
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import time_machine
from django.conf import settings
from django.contrib.sessions.backends.cache import SessionStore
from django.core.cache import caches
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.test.client import ClientHandler
from django.urls import URLPattern

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import ApiToken
from marketplace.base import clock
from marketplace.base.policy import Policy, declared_on, policy_of
from tests.access_objects import NOON
from tests.access_table import OTHERS_ARGUMENTS, READING_MAY_WRITE, World
from tests.cast import make_cast, signed_in

TOKENS = ("reader_token", "writer_token")
ARGUMENT = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)|<(?:\w+:)?(\w+)>")
SITE = ClientHandler(enforce_csrf_checks=False)
# Thousands of refusals need no frame around them; whatever they would tell, they still tell.
SHORT_PAGES = {"403.html": "refused {{ exception }}", "404.html": "none {{ exception }}"}


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
    session: SessionStore | None = None
    key: str = ""

    def call(self, method: str, path: str, *, is_api: bool) -> HttpResponse:
        """Ask as this persona; without the test client, which copies each template's context."""
        make = RequestFactory(headers={"Authorization": f"Token {self.key}"} if self.key else {})
        if self.session is not None:
            # Signing out, as the call before may have done, ends it.
            caches["sessions"].set(self.session.cache_key, dict(self.session.items()))
            make.cookies[settings.SESSION_COOKIE_NAME] = self.session.session_key
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


@contextmanager
def staged() -> Iterator[Stage]:
    """The cast with sessions and keys, in one transaction that is rolled back at the end."""
    with transaction.atomic(), lighter_site(), time_machine.travel(NOON):
        cast = make_cast()
        ApiToken.objects.update(last_used_at=clock.now())
        # A disabled person has a session from before and counts as nobody.
        actors = cast.actors | {"disabled": Actor()}
        personas = [
            Persona(name, actor, session_of(cast.actors[name])) for name, actor in actors.items()
        ]
        by_key = zip(TOKENS, (cast.read_key, cast.write_key), strict=True)
        personas += [Persona(name, cast.signatory_c, key=key) for name, key in by_key]
        yield Stage(World(cast), personas)
        transaction.set_rollback(True)


def lighter_site() -> override_settings:
    """Sessions in memory; 403 and 404 answer with a line, everything else with its real page."""
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
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    return override_settings(
        TEMPLATES=[engine],
        CACHES=settings.CACHES | {"sessions": memory},
        SESSION_ENGINE="django.contrib.sessions.backends.cache",
        SESSION_CACHE_ALIAS="sessions",
    )


def session_of(actor: Actor) -> SessionStore | None:
    """The session of the actor's browser, None for nobody."""
    client = signed_in(actor)
    if settings.SESSION_COOKIE_NAME not in client.cookies:
        return None
    return client.session


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
