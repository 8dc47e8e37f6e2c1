"""People before screens: they sign in, read words, click links and press buttons.

A step names what it clicks by its English message id. A person who reads Chinese looks for the
catalogue's Chinese, and a message without one fails, so the same steps hold for both languages.
"""

import re
from dataclasses import dataclass, field

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.utils.translation import gettext, override
from playwright.sync_api import Locator, Page, expect

from marketplace.accounts.models import User
from tests.cast import Cast
from tests.factories import PASSWORD
from tests.journeys.conftest import Open

HAN = re.compile(r"[㐀-鿿]")
# Wider than the screen means that a phone has to be pushed sideways.
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass(frozen=True)
class Screen:
    """What somebody reads on: the language, the address it begins at, and the kind of device."""

    language: str
    home: str
    browser_language: str
    width: int
    dark: bool

    def words(self, english: str, **values: object) -> str:
        """What stands on this screen for an English message id."""
        with override(self.language):
            said = gettext(english)
        assert self.language == "en" or HAN.search(said), f"not translated: {english}"
        return said % values if values else said


@dataclass(frozen=True)
class Person:
    """One person of the cast with a browser of their own."""

    page: Page
    screen: Screen

    def words(self, english: str, **values: object) -> str:
        """The words in this person's language."""
        return self.screen.words(english, **values)

    def sees(self, english: str, **values: object) -> None:
        """Words that must stand on the page."""
        self.reads(self.words(english, **values))

    def reads(self, text: str) -> None:
        """Text that must stand on the page as it is: names, amounts."""
        expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible()

    @property
    def is_at_console(self) -> bool:
        """Whether the page has the rail of universities and the platform."""
        rail = self.page.get_by_role("navigation", name=self.words("Console"), include_hidden=True)
        return rail.count() > 0

    def link(self, text: str) -> Locator:
        """The first visible link with exactly this text."""
        found = self.page.get_by_role("link", name=text, exact=True)
        return found.filter(visible=True).first

    def button(self, english: str, **values: object) -> Locator:
        """The button with these words."""
        words = self.words(english, **values)
        return self.page.get_by_role("button", name=words, exact=True)

    def heading(self, english: str) -> Locator:
        """A heading of the page."""
        return self.page.get_by_role("heading", name=self.words(english))

    def follow(self, english: str) -> None:
        """Click a link."""
        self.open(self.link(self.words(english)))

    def press(self, english: str, **values: object) -> None:
        """Press a button that leads to a page."""
        self.open(self.button(english, **values))

    def open(self, target: Locator) -> None:
        """Click what leads to a page, and look at the page."""
        with self.page.expect_navigation():
            target.click()
        self.look()

    def reload(self) -> None:
        """Ask for the page again."""
        self.page.reload()

    def look(self) -> None:
        """What must hold on every page that anybody comes to."""
        expect(self.page.locator("h1")).to_have_count(1)
        assert self.page.evaluate(TOO_WIDE) <= 0, f"wider than the screen: {self.page.url}"

    def field(self, english: str) -> Locator:
        """An input by its label; what follows the words there, as “(optional)”, does not matter."""
        begins = re.compile("^" + re.escape(self.words(english)))
        return self.page.get_by_role("main").get_by_label(begins)

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

    def navigate(self, english: str) -> None:
        """Click an entry of the navigation; on a phone the console's opens first."""
        entry = self.link(self.words(english))
        if not entry.is_visible():
            self.page.get_by_role("link", name=self.words("Menu"), exact=True).click()
        self.open(entry)

    def go_to_work(self) -> None:
        """Open the list of what waits for this person."""
        if self.is_at_console:
            self.navigate("Waiting for me")
            return
        self.page.get_by_role("banner").get_by_text(self.words("My account")).locator("..").click()
        self.follow("My work")

    def open_deal(self) -> None:
        """Open the one deal from the list of deals."""
        if self.is_at_console:
            self.navigate("Trials and deals")
        else:
            self.follow("Deals")
        self.open(self.page.get_by_role("rowheader").get_by_role("link").first)

    def take(self, english: str, **values: object) -> None:
        """Open what waits for this person, by its title."""
        self.go_to_work()
        self.open(self.link(self.words(english, **values)))


@dataclass
class People:
    """The cast on screens of one kind; everybody signs in when first asked for."""

    cast: Cast
    screen: Screen
    open_page: Open
    present: dict[str, Person] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Person:
        if name not in self.present:
            self.present[name] = self._signed_in(name)
        return self.present[name]

    def _signed_in(self, name: str) -> Person:
        screen = self.screen
        page = self.open_page(screen.browser_language, width=screen.width, dark=screen.dark)
        person = Person(page, screen)
        page.goto(screen.home)
        person.look()
        person.follow("Sign in")
        person.write({"Email": self.cast.actors[name].user.email, "Password": PASSWORD})
        person.press("Sign in")
        return person


def give_passwords() -> None:
    """Passwords that the running site can check: tests hash with what no installation takes."""
    User.objects.update(password=PBKDF2PasswordHasher().encode(PASSWORD, "journey"))
