"""Six hundred invented universities, two thousand invented companies, and who works there."""

import random
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.hashers import make_password

from marketplace.accounts.models import Membership, Organisation, User
from marketplace.accounts.rules import Kind, Role
from marketplace.site.demo import names
from marketplace.site.demo.people import PASSWORD, SIGN_INS
from marketplace.site.demo.places import CITIES, city_codes_by_share, make_cities

UNIVERSITIES = 600
COMPANIES = 2_000
HOMES = {
    "university": ("岭澜理工大学", "Linglan University of Technology"),
    "company": ("粤储新能源（东莞）有限公司", "Yuechu New Energy"),
    "platform": ("成果超市平台", "Results Supermarket"),
}
DESK_ROLES = {
    Kind.UNIVERSITY: [Role.TRANSFER_OFFICER, Role.OFFICE_HEAD, Role.UNIVERSITY_FINANCE],
    Kind.COMPANY: [Role.CONTACT, Role.COMPANY_FINANCE, Role.SIGNATORY],
}


@dataclass
class World:
    """What the later steps of seeding build on. `desks` has one user of each organisation."""

    at: datetime
    chance: random.Random
    universities: list[Organisation] = field(default_factory=list)
    companies: list[Organisation] = field(default_factory=list)
    people: dict[str, User] = field(default_factory=dict)
    desks: dict[int, User] = field(default_factory=dict)


def make_organisations(at: datetime, chance: random.Random) -> World:
    """Create cities, organisations, people and memberships; nothing exists before."""
    world = World(at, chance)
    cities = make_cities()
    codes, shares = city_codes_by_share()
    platform = _organisation(Kind.PLATFORM, *HOMES["platform"], 0, at)
    platform.city = cities["guangzhou"]
    for number, (name_zh, name_en) in enumerate(names.universities(), start=1):
        row = _organisation(Kind.UNIVERSITY, name_zh, name_en, number, at)
        row.city = cities["guangzhou" if number == 1 else chance.choices(codes, shares)[0]]
        world.universities.append(row)
    city_of = {city[1]: city for city in CITIES}
    stream = names.companies(chance, chance.choices([c[1] for c in CITIES], shares, k=400))
    for number, (name_zh, trade, city_zh) in zip(range(1, COMPANIES + 1), stream, strict=False):
        row = _organisation(Kind.COMPANY, name_zh, "", number, at)
        row.city = cities[city_of[city_zh][0]]
        row.name_en = f"{trade} Company {number} ({city_of[city_zh][2]})"
        world.companies.append(row)
    _make_home_company(world)
    Organisation.objects.bulk_create([platform, *world.universities, *world.companies], 500)
    _make_people(world, platform)
    return world


def _make_home_company(world: World) -> None:
    """Give the first company the name that the demo's sign-ins belong to."""
    home = world.companies[0]
    twin = next((c for c in world.companies if c.name_zh == HOMES["company"][0]), None)
    if twin is not None:
        twin.name_zh = home.name_zh
    home.name_zh, home.name_en = HOMES["company"]


def _organisation(
    kind: Kind, name_zh: str, name_en: str, number: int, at: datetime
) -> Organisation:
    return Organisation(
        kind=kind,
        name_zh=name_zh,
        name_en=name_en,
        credit_code=names.credit_code(
            number + (500_000 if kind is Kind.UNIVERSITY else 0), is_company=kind is Kind.COMPANY
        ),
        verification="verified",
        verified_at=at,
        created_at=at,
        is_sample=True,
    )


def _make_people(world: World, platform: Organisation) -> None:
    """The sign-ins share one slow hash; the desks have none, so nobody signs in as them."""
    password = make_password(PASSWORD)
    unusable = make_password(None)
    homes = {
        "university": world.universities[0],
        "company": world.companies[0],
        "platform": platform,
    }
    users = [User(email=p.address, name=p.name, password=password) for p in SIGN_INS]
    organisations = [*world.universities, *world.companies]
    desks = [
        User(
            email=f"desk-{row.pk}@sample.example", name=f"{row.name_zh[:20]}经办", password=unusable
        )
        for row in organisations
    ]
    User.objects.bulk_create([*users, *desks], 500)
    world.people = {person.address: user for person, user in zip(SIGN_INS, users, strict=True)}
    world.desks = {row.pk: user for row, user in zip(organisations, desks, strict=True)}
    memberships = [
        Membership(user=user, organisation=homes[p.home], roles=list(p.roles), created_at=world.at)
        for p, user in zip(SIGN_INS, users, strict=True)
    ]
    memberships += [
        Membership(
            user=world.desks[row.pk],
            organisation=row,
            roles=DESK_ROLES[Kind(row.kind)],
            created_at=world.at,
        )
        for row in organisations
    ]
    Membership.objects.bulk_create(memberships, 500)
