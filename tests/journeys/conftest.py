"""A real browser before the real processes.

Each journey has a cloned database of its own, with granian, a Celery worker and beat on it. Any
console message, script error, policy violation or failed request fails the journey.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import databases
from tests.browsers import CHROMIUM
from tests.stack import Stack, free_port, is_ready, wait_until

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Site(Stack):
    """The product's processes on the database of this test."""

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """As the demo has it, but on the test's own database."""
        return super().environment | {
            "DATABASE_URL": databases.address("web"),
            "DATABASE_OWNER_URL": databases.address("owner"),
            "DATABASE_WORKER_URL": databases.address("worker"),
            "SITE_URL": self.url,
            "DEMO": "1",
        }


@pytest.fixture
def site(committed_db: str, tmp_path: Path) -> Iterator[Site]:
    """The running site on a cloned database that the test fills through services or factories."""
    found = Site(tmp_path, free_port())
    try:
        found.start("valkey")
        for name in ("web", "worker", "beat"):
            found.start(name)
        assert wait_until(lambda: is_ready(found)), found.log("web")
        yield found
    finally:
        found.end()


@dataclass
class Reader:
    """A person before a screen; `troubles` is what the browser complained about."""

    context: BrowserContext
    page: Page
    troubles: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Write down everything that a careful developer would look at."""
        self.page.on("console", lambda message: self.troubles.append(f"console: {message.text}"))
        self.page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))
        self.page.on(
            "response",
            lambda answer: answer.status >= 500 and self.troubles.append(f"500: {answer.url}"),
        )


Open = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys of this process."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, site: Site) -> Iterator[Open]:
    """Give a page of a person of one's own: `open_page(language="en", width=390, dark=True)`."""
    readers: list[Reader] = []

    def begin(
        language: str = "zh-CN", width: int = 1280, dark: bool = False, scripts: bool = True
    ) -> Page:
        context = browser.new_context(
            base_url=site.url,
            locale=language,
            java_script_enabled=scripts,
            timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": 844 if width < 600 else 900},
            color_scheme="dark" if dark else "light",
        )
        context.set_default_timeout(10_000)
        reader = Reader(context, context.new_page())
        reader.watch()
        readers.append(reader)
        return reader.page

    yield begin
    for reader in readers:
        reader.context.close()
    assert [trouble for reader in readers for trouble in reader.troubles] == []


@pytest.fixture
def page(open_page: Open) -> Page:
    """A desktop page in Simplified Chinese."""
    return open_page()
