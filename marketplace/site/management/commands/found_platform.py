"""`manage.py found_platform`: begin a new installation."""

from argparse import ArgumentParser
from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from marketplace.accounts.services.founding import Founding, found_platform
from marketplace.base import clock
from marketplace.base.errors import ConflictError
from marketplace.base.words import words_for


class Command(BaseCommand):
    """Create the platform's organisation and its first administrator."""

    help = "Create the platform's organisation and its first administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who runs it, and who administers it."""
        parser.add_argument("email")
        parser.add_argument("--name", required=True, help="the operator's name in Chinese")
        parser.add_argument("--name-en", default="")
        parser.add_argument(
            "--password", action="store_true", help="ask for a password instead of a reset letter"
        )

    def handle(self, *_: object, email: str, **options: object) -> None:
        """Once; a second platform is refused."""
        founding = Founding(str(options["name"]), str(options["name_en"]), email)
        password = self._asked() if options["password"] else None
        try:
            user = found_platform(founding, at=clock.now())
        except ConflictError as error:
            raise CommandError(words_for(error)) from error
        if password:
            user.set_password(password)
            user.save(update_fields=["password"])
        self.stdout.write(f"{email} administers the platform; sign in and invite the others.")

    def _asked(self) -> str:
        password = getpass("Password: ")
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        return password
