"""The main job, step by step: what each person clicks from the imported list to the last fen."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.journeys.conftest import Site
from tests.journeys.people import People, Person

COLUMNS = ("成果名称", "英文名称", "申请号", "学校", "一句话", "关键词")
ROWS = (
    (
        *("低温快充磷酸铁锂电解液", "Fast-charging electrolyte for the cold"),
        *("CN202310123456.7", "岭南理工大学", "−30℃ 下 15 分钟充至 80%", "电解液；低温"),
    ),
    (
        *("手术机器人导航标定方法", "Calibration of a surgical robot"),
        *("CN202310654321.0", "岭南理工大学", "标定时间缩短 60%", "机器人"),
    ),
)
# One good quarter reaches it: 4 % of (3,390,000 / 1.13 - 500,000) is twice as much.
CAP = "50,000.00"


@dataclass(frozen=True)
class Story:
    """Where it happens, who acts, and what the result is called in their language."""

    site: Site
    people: People
    title: str
    search: str
    industry: str
    company: str


def import_a_list(site: Site, folder: Path) -> None:
    """The university's own list becomes drafts."""
    file = folder / "list.csv"
    with file.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows([COLUMNS, *ROWS])
    assert "created 2, updated 0" in site.manage("import_listings", str(file))


def make_terms(head: Person) -> None:
    """The head of the office makes the terms that results are offered on."""
    head.navigate("Terms templates")
    head.follow("New terms")
    head.page.get_by_text(head.words("Start from named terms")).click()
    column = head.words("C: a fixed price, paid from revenue")
    head.open(head.page.get_by_role("link", name=f"{head.words('Start from this')} {column}"))
    head.write({"Name": "A", "Free trial in months": "3", "Free of royalty": "500000"})
    head.write({"Cap over the whole term": "50000"})
    first_tier = head.words("%(thing)s %(number)s") % {"thing": head.words("Tier"), "number": 1}
    tier = head.page.get_by_role("group", name=first_tier, exact=True)
    tier.get_by_label(head.words("Royalty"), exact=True).fill("4")
    head.press("Save terms")


def complete_the_draft(story: Story, officer: Person) -> None:
    """The officer fills in what the list did not say, and submits."""
    officer.navigate("Portfolio")
    edit = officer.row(story.title).get_by_role("link", name=officer.words("Edit"), exact=True)
    officer.open(edit)
    officer.field("Industry").select_option(label=story.industry)
    officer.press("Save and go on")
    officer.press("Save and go on")
    level = f"TRL 6 · {officer.words('Pilot in a relevant environment')}"
    officer.field("Readiness level").select_option(label=level)
    officer.write(
        {
            "Evidence for this level": "200 kg",
            "What is measured": "−30 ℃",
            "Measured number": "15",
            "Unit": "min",
            "How it was measured": "GB/T 31484",
        }
    )
    officer.press("Save and go on")
    officer.choose("A")
    officer.press("Save and go on")
    officer.press("Save and go on")
    officer.press("Submit to the office")


def put_on_the_shelf(people: People) -> None:
    """The head approves what the officer wrote, then the platform publishes it."""
    people.head_a.take("Approve a result")
    people.head_a.press("Approve")
    people.reviewer.take("Review a result")
    people.reviewer.press("Put on the shelf")


def find_and_request(story: Story, contact: Person) -> None:
    """The company finds the result by its own words, works out what it would pay, and asks."""
    contact.follow("Browse")
    contact.write({"Search results, patents, shelf codes": story.search})
    contact.press("Search")
    contact.open(contact.page.get_by_role("link", name=story.title))
    simulator = contact.region("What would I pay?")
    contact.write({"First-quarter revenue": "3000000", "Growth per quarter": "0"})
    contact.choose(contact.words("No sales"))
    expect(simulator).to_contain_text(
        contact.words("No revenue, no fee: nothing falls due in five years")
    )
    contact.choose(contact.words("Base"))
    expect(simulator).to_contain_text("¥ 50,000")
    contact.follow("Request a free trial")
    contact.write(
        {
            "What you want to use it for": "200 kg",
            "Where it will be used": "Dongguan 东莞",
            "How you will know that it works": "15 min",
        }
    )
    contact.press("Send the request")
    contact.sees("The university is reading the request")


def agree_on_terms(people: People) -> None:
    """The officer proposes; head and signatory accept what they read."""
    people.officer_a.take("Answer this request")
    people.officer_a.follow("Propose terms")
    people.officer_a.press("Put before both sides")
    for person in (people.head_a, people.signatory_c):
        person.take("Read and accept the terms")
        person.sees("Checksum of everything agreed:")
        person.tick("I have read this version and accept it for my organisation.")
        person.press("Accept version %(number)s")


def approve_twice(story: Story, people: People) -> None:
    """Two people approve; the first has no button for the second approval."""
    first, second = people.approver, people.second_approver
    first.take("Approve this deal")
    first.press("First approval")
    first.open(first.page.get_by_role("link").filter(has_text=story.company))
    first.sees("No button for you here.")
    expect(first.button("Second approval")).to_have_count(0)
    second.take("Approve this deal")
    second.press("Second approval")
    second.sees("Approved. Both sides can sign now.")


def sign(people: People) -> None:
    """Both sides sign, and the trial runs."""
    for person in (people.head_a, people.signatory_c):
        person.take("Sign the contract")
        person.tick("I sign this contract for my organisation and may do so.")
        person.press("Sign")
    people.signatory_c.sees("Both sides signed. The trial runs.")
    people.signatory_c.sees("The trial is running")


def go_to_the_next_quarter(person: Person) -> None:
    """Move the demonstration's date."""
    person.follow("Move the date")
    person.open(person.page.get_by_role("button", name=person.words("To the next quarter")))


def convert(signatory: Person) -> None:
    """After the trial the company goes on and pays."""
    signatory.take("Decide: go on and pay, or leave")
    signatory.tick("We go on and pay by the terms above, from today's sales on.")
    signatory.press("Go on and pay from revenue")
    signatory.sees("Converted. Your finance role reports revenue after each period.")


def report_the_trial(finance: Person, officer: Person) -> None:
    """A trial is free of charge but not of reports: nothing was sold, in two presses."""
    finance.take("Report revenue of %(period)s, due %(day)s")
    finance.press("No sales this period")
    finance.press("Submit to the university")
    officer.take("Answer the report of %(period)s")
    officer.press("Accept the report")


def report_revenue(finance: Person) -> None:
    """The company sees what a quarter comes to before it submits it."""
    finance.take("Report revenue of %(period)s, due %(day)s")
    form = finance.page.url
    finance.write({"Sales, tax included": "3,390,000"})
    finance.field("Returns and allowances").focus()
    expect(finance.page.get_by_role("status")).to_contain_text(CAP)
    assert finance.page.url == form
    finance.press("Check and submit")
    finance.reads(f"¥ {CAP}")
    finance.press("Submit to the university")


def accept_the_report(officer: Person) -> None:
    """The university accepts; a worker computes the statement while the officer waits."""
    officer.take("Answer the report of %(period)s")
    officer.press("Accept the report")
    officer.reload_until(officer.link("See the statement"))
    officer.follow("See the statement")


def read_the_statement(story: Story, finance: Person, folder: Path) -> None:
    """The statement explains itself, and its contract file recomputes to the same figures."""
    finance.open_deal(story.title)
    finance.follow("Statement")
    finance.reads(f"¥ {CAP}")
    with finance.page.expect_download() as download:
        finance.link("Contract file").click()
    file = folder / "contract.json"
    download.value.save_as(file)
    computed = json.loads(story.site.manage("royalty", str(file)))
    (*_, statement), (instalment,) = computed["statements"], computed["instalments"]
    steps = finance.region("How this was worked out").get_by_role("listitem")
    for name in ("gross", "vat", "net", "base", "earned", "accrued", "payable"):
        expect(steps.filter(has_text=_shown(statement[name])).first).to_be_visible()
    assert _shown(statement["payable"]) == CAP
    finance.reads(instalment["due"])


def _shown(amount: Any) -> str:
    whole, _point, fraction = str(amount).removeprefix("-").partition(".")
    return f"{int(whole):,}.{fraction}"


def record_the_transfer(story: Story, finance: Person) -> None:
    """The university's finance office records what arrived, and the deal is settled."""
    finance.navigate("Money received")
    finance.follow("Record a transfer")
    finance.write({"Bank reference": "ICBC-0001", "Amount": "50000"})
    finance.press("Record")
    finance.reads("ICBC-0001")
    finance.open_deal(story.title)
    finance.reload_until(finance.heading("Settled: everything is paid"))
