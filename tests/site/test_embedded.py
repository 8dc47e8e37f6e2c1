"""The servers that come with the project: shared, private, and gone with their last user."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from marketplace import embedded
from marketplace.embedded import keeper, places
from marketplace.embedded.servers import Postgres, Server, Valkey, start, stop

pytestmark = pytest.mark.servers

USE_SERVERS = (
    "import sys, pathlib; from marketplace import embedded;"
    "embedded.ensure_servers(pathlib.Path(sys.argv[1]), disposable=True);"
    "print('using', flush=True); sys.stdin.read()"
)


def own_environment(**more: str) -> dict[str, str]:
    """The environment without the addresses that the test run itself was given."""
    given = {"DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_WORKER_URL", "REDIS_URL"}
    kept = {name: value for name, value in os.environ.items() if name not in given}
    return kept | {"PYTHONPATH": str(keeper.PROJECT)} | more


@pytest.fixture
def use() -> Iterator[Callable[[Path], subprocess.Popen[str]]]:
    """Start a process that uses the servers below a folder until its input is closed."""
    running: list[subprocess.Popen[str]] = []

    def begin(home: Path) -> subprocess.Popen[str]:
        user = subprocess.Popen(
            [sys.executable, "-c", USE_SERVERS, str(home)],
            env=own_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        running.append(user)
        assert user.stdout.readline() == "using\n"
        return user

    yield begin
    for user in running:
        user.kill()
        user.communicate()


def answers(server: Server) -> bool:
    return server.is_ready()


def ends_soon(server: Server) -> bool:
    deadline = time.monotonic() + 10
    while server.pid_file.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    return not server.pid_file.exists()


def server_pid(server: Server) -> int:
    return int(server.pid_file.read_text().split("\n")[0])


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Postgres]:
    """A running PostgreSQL of the test's own."""
    server = Postgres(tmp_path, disposable=True)
    child = start(server)
    yield server
    stop(child)


def test_commands_that_overlap_share_one_server(tmp_path: Path, use) -> None:
    use(tmp_path)
    first = server_pid(Postgres(tmp_path))
    use(tmp_path)
    assert server_pid(Postgres(tmp_path)) == first


def test_servers_outlive_the_command_that_started_them_while_another_uses_them(
    tmp_path: Path, use
) -> None:
    first, second = use(tmp_path), use(tmp_path)
    first.communicate()
    assert answers(Postgres(tmp_path))
    second.communicate()
    assert ends_soon(Postgres(tmp_path))


def test_a_killed_command_leaves_no_server_behind(tmp_path: Path, use) -> None:
    use(tmp_path).kill()
    assert ends_soon(Postgres(tmp_path))
    assert ends_soon(Valkey(tmp_path))


def test_a_command_that_comes_while_the_server_stops_gets_a_new_one(tmp_path: Path, use) -> None:
    for _ in range(3):
        use(tmp_path).communicate()
        user = use(tmp_path)
        assert answers(Postgres(tmp_path))
        user.communicate()


def test_data_outlive_a_restart(tmp_path: Path) -> None:
    server = Valkey(tmp_path)
    child = start(server)
    redis.from_url(server.url()).set("shelf", "A-12")
    stop(child)
    child = start(server)
    assert redis.from_url(server.url()).get("shelf") == b"A-12"
    stop(child)


def test_a_stale_process_id_that_is_somebody_elses_harms_nobody(tmp_path: Path) -> None:
    server = Postgres(tmp_path, disposable=True)
    stop(start(server))
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        server.pid_file.write_text(f"{stranger.pid}\n{server.data}\n")
        child = start(server)
        assert answers(server)
        assert stranger.poll() is None
        stop(child)


def test_a_server_left_over_is_replaced(tmp_path: Path) -> None:
    server = Postgres(tmp_path, disposable=True)
    left = start(server)
    child = start(server)
    assert left.wait(10) is not None
    assert answers(server)
    stop(child)


def test_a_killed_server_starts_again_with_its_data(tmp_path: Path) -> None:
    server = Postgres(tmp_path)
    child = start(server)
    with psycopg.connect(server.url("marketplace_owner")) as connection:
        connection.execute("CREATE TABLE shelf AS SELECT 12 AS slot")
    child.kill()
    child.wait()
    child = start(server)
    with psycopg.connect(server.url("marketplace_owner")) as connection:
        assert connection.execute("SELECT slot FROM shelf").fetchone() == (12,)
    stop(child)


@pytest.mark.parametrize("folder", ["deep/" * 30, "with space", "货架"])
def test_any_folder_will_do(tmp_path: Path, folder: str) -> None:
    servers: list[Server] = [Postgres(tmp_path / folder, True), Valkey(tmp_path / folder, True)]
    for server in servers:
        child = start(server)
        assert answers(server)
        stop(child)


def test_chinese_has_trigrams_and_lower_case_knows_accents(postgres: Postgres) -> None:
    with psycopg.connect(postgres.url("marketplace_owner")) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        row = connection.execute("SELECT cardinality(show_trgm('先用后付')) > 0, lower('É')")
        assert row.fetchone() == (True, "é")


def test_no_role_of_ours_is_a_superuser(postgres: Postgres) -> None:
    with psycopg.connect(postgres.url("marketplace_owner")) as connection:
        rows = connection.execute(
            "SELECT rolname, rolsuper FROM pg_roles WHERE rolname LIKE 'marketplace%' ORDER BY 1"
        ).fetchall()
    assert rows == [
        ("marketplace_owner", False),
        ("marketplace_web", False),
        ("marketplace_worker", False),
    ]


def test_the_web_role_makes_no_tables(postgres: Postgres) -> None:
    with (
        psycopg.connect(postgres.url("marketplace_web")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("CREATE TABLE shelf (slot int)")


def test_a_broken_data_folder_is_one_sentence(tmp_path: Path) -> None:
    server = Postgres(tmp_path, disposable=True)
    server.data.mkdir(parents=True)
    (server.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(embedded.ServerError, match=r"make demo RESET=1") as refusal:
        start(server)
    assert "\n" not in str(refusal.value)


@pytest.mark.skipif(os.getuid() != 0, reason="only root has to become somebody else")
def test_root_becomes_nobody_where_namespaces_are_forbidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "_must_be_nobody", lambda: True)
    server = Postgres(tmp_path, disposable=True)
    child = start(server)
    assert Path(f"/proc/{child.pid}").stat().st_uid == places.NOBODY
    stop(child)
    embedded.forget(tmp_path)
    assert not server.data.exists()


def test_importing_settings_starts_nothing(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-c", "import marketplace.settings"],
        env=own_environment(MARKETPLACE_HOME=str(tmp_path)),
        check=True,
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", sorted(embedded.SERVERLESS))
def test_commands_that_need_no_server_start_none(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "HOME", tmp_path)
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("REDIS_URL")
    embedded.provide(["manage.py", command])
    assert list(tmp_path.iterdir()) == []


def test_addresses_that_are_set_win(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "HOME", tmp_path)
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/marketplace")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere")
    embedded.provide(["manage.py", "migrate"])
    assert os.environ["DATABASE_URL"] == "postgresql://elsewhere/marketplace"
    assert list(tmp_path.iterdir()) == []


def test_a_keeper_that_is_killed_takes_its_server_along(tmp_path: Path, use) -> None:
    use(tmp_path)
    server = Postgres(tmp_path)
    parent = int(Path(f"/proc/{server_pid(server)}/stat").read_text().split()[3])
    os.kill(parent, signal.SIGKILL)
    assert ends_soon(server)
