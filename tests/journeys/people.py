"""People before screens: they sign in, read words, click links and press buttons.

A step names what it clicks by its English message id. A person who reads Chinese looks for the
catalogue's Chinese, and a message without one fails, so the same steps hold for both languages.
A placeholder such as `%(number)s` stands for whatever the page puts there.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.utils.translation import gettext, override
from playwright.sync_api import Locator, Page, expect

from marketplace.accounts.models import User
from tests.cast import Cast
from tests.factories import PASSWORD
from tests.stack import wait_until

HAN = re.compile(r"[㐀-鿿]")
PLACEHOLDER = re.compile(r"%\\\(\w+\\\)s")
# A phone that has to be pushed sideways.
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass(frozen=True)
class Screen:
    """What somebody reads on: the language, the address it begins at, and the kind of device."""

    language: str
    home: str
    browser_language: str
    width: int = 1280
    dark: bool = False
    scripts: bool = True

    def words(self, english: str) -> str:
        """What this language says for an English message id."""
        with override(self.language):
            said = gettext(english)
        assert self.language == "en" or HAN.search(said), f"not translated: {english}"
        return said

    def beginning(self, english: str) -> re.Pattern[str]:
        """Texts that begin with these words."""
        return re.compile("^" + PLACEHOLDER.sub(".+", re.escape(self.words(english))))

    def exactly(self, english: str) -> re.Pattern[str]:
        """Texts that are these words."""
        return re.compile(self.beginning(english).pattern + "$")


@dataclass(frozen=True)
class Person:
    """One person of the cast with a browser of their own."""

    page: Page
    screen: Screen

    def words(self, english: str) -> str:
        """The words in this person's language."""
        return self.screen.words(english)

    def sees(self, english: str) -> None:
        """Words that must stand on the page."""
        self.reads(self.words(english))

    def reads(self, text: str) -> None:
        """Text that must stand on the page as it is: a name, an amount."""
        expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible()

    def link(self, english: str) -> Locator:
        """The first link that can be seen with these words."""
        found = self.page.get_by_role("link", name=self.screen.exactly(english))
        return found.filter(visible=True).first

    def button(self, english: str) -> Locator:
        """The button with these words."""
        return self.page.get_by_role("button", name=self.screen.exactly(english))

    def heading(self, english: str) -> Locator:
        """A heading of the page."""
        return self.page.get_by_role("heading", name=self.screen.exactly(english))

    def region(self, english: str) -> Locator:
        """A part of the page by the heading that names it."""
        return self.page.get_by_role("region", name=self.screen.beginning(english))

    def row(self, text: str) -> Locator:
        """The row of a table that speaks of something."""
        return self.page.get_by_role("row").filter(has_text=text)

    def field(self, english: str) -> Locator:
        """An input by its label; more may follow the words there, as “(optional)”."""
        return self.page.get_by_role("main").get_by_label(self.screen.beginning(english))

    def write(self, filled: dict[str, str]) -> None:
        """Fill inputs in, each by its label."""
        for english, value in filled.items():
            self.field(english).fill(value)

    def tick(self, english: str) -> None:
        """Tick a box by its words."""
        self.field(english).check()

    def choose(self, text: str) -> None:
        """Choose one of several by its text."""
        self.page.get_by_role("radio", name=text, exact=True).check()

    def follow(self, english: str) -> None:
        """Click a link."""
        self.open(self.link(english))

    def press(self, english: str) -> None:
        """Press a button that leads to a page."""
        self.open(self.button(english))

    def open(self, target: Locator) -> None:
        """Click what leads to a page, and look at what holds on every page."""
        with self.page.expect_navigation():
            target.click()
        expect(self.page.locator("h1")).to_have_count(1)
        assert self.page.evaluate(TOO_WIDE) <= 0, f"wider than the screen: {self.page.url}"

    def reload_until(self, target: Locator) -> None:
        """Ask for the page again until something is there that a worker makes."""

        def is_there() -> bool:
            self.page.reload()
            return target.is_visible()

        assert wait_until(is_there), f"never came: {target}"

    @property
    def is_at_console(self) -> bool:
        """Whether the page has the rail of universities and the platform."""
        console = self.words("Console")
        return self.page.get_by_role("navigation", name=console, include_hidden=True).count() > 0

    def navigate(self, english: str) -> None:
        """Click an entry of the navigation; on a phone the console's opens first."""
        if self.is_at_console and not self.link(english).is_visible():
            self.link("Menu").click()
        self.follow(english)

    def go_to_work(self) -> None:
        """Open the list of what waits for this person."""
        if self.is_at_console:
            self.navigate("Waiting for me")
            return
        self.page.get_by_role("banner").get_by_text(self.words("My account")).locator("..").click()
        self.follow("My work")

    def take(self, english: str) -> None:
        """Open what waits for this person, by its title."""
        self.go_to_work()
        self.follow(english)

    def open_deal(self, title: str) -> None:
        """Open a deal from the list of deals."""
        self.navigate("Trials and deals" if self.is_at_console else "Deals")
        self.open(self.page.get_by_role("rowheader").get_by_role("link", name=title))


@dataclass
class People:
    """The cast on screens of one kind; everybody signs in when first asked for."""

    cast: Cast
    screen: Screen
    open_page: Callable[..., Page]
    present: dict[str, Person] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Person:
        if name not in self.present:
            self.present[name] = self._signed_in(name)
        return self.present[name]

    def _signed_in(self, name: str) -> Person:
        screen = self.screen
        page = self.open_page(
            screen.browser_language, width=screen.width, dark=screen.dark, scripts=screen.scripts
        )
        person = Person(page, screen)
        page.goto(screen.home)
        person.follow("Sign in")
        person.write({"Email": self.cast.actors[name].user.email, "Password": PASSWORD})
        person.press("Sign in")
        return person


def give_passwords() -> None:
    """Passwords that the running site can check: tests hash with what no installation takes."""
    User.objects.update(password=PBKDF2PasswordHasher().encode(PASSWORD, "journey"))
