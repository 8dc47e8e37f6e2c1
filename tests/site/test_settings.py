"""Other servers by two variables at a terminal; a key for everything that serves."""

import os
import subprocess
import sys

from django.conf import settings

SERVERS = {"DATABASE_URL": "postgresql:///nowhere", "REDIS_URL": "redis://nowhere/0"}


def start(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a program of the product with only these variables of ours."""
    ours = ("DATABASE_", "REDIS_URL", "SECRET_KEY", "DEVELOPMENT", "DJANGO_SETTINGS")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    return subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env=kept | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_two_addresses_are_enough_at_a_terminal():
    assert start("manage.py", "check", **SERVERS).returncode == 0


def test_a_web_server_does_not_start_without_a_key():
    done = start("-c", "import marketplace.wsgi", **SERVERS)
    assert done.returncode != 0
    assert "SECRET_KEY" in done.stderr


def test_a_missing_variable_is_one_sentence():
    done = start("manage.py", "check", DEVELOPMENT="0", **SERVERS)
    assert done.stderr.strip() == "Set the environment variable SECRET_KEY."
