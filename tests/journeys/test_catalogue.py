"""A visitor in a real browser: from the shelf to an estimate, with and without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.listings.factories import IndustryFactory, PublishedFactory

pytestmark = pytest.mark.browser


def shelve() -> None:
    """A shelf of three, two of them in one industry."""
    energy = IndustryFactory(name_zh="试验产业", name_en="Trial industry")
    PublishedFactory(title_zh="低温快充电解液", industry=energy, trl=6, shelf_code="Z-0001-01")
    PublishedFactory(title_zh="钠电硬碳负极", industry=energy, trl=4)
    PublishedFactory(title_zh="手术机器人导航", trl=8)


def count(page: Page) -> object:
    return expect(page.locator("#results-count"))


def test_a_filter_changes_results_counts_and_address_and_back_undoes_it(site, page):
    shelve()
    page.goto("/browse/")
    count(page).to_have_text("3 项成果")
    page.get_by_label("试验产业").check()
    count(page).to_have_text("2 项成果")
    expect(page).to_have_url(re.compile("industry="))
    expect(page.locator("a.chip-on")).to_contain_text("试验产业")
    page.reload()
    count(page).to_have_text("2 项成果")
    page.go_back()
    count(page).to_have_text("3 项成果")


def test_a_phone_filters_on_a_page_of_its_own_and_comes_back(site, open_page):
    shelve()
    phone = open_page(width=390, dark=True)
    phone.goto("/browse/")
    expect(phone.locator("#filters")).to_be_hidden()
    phone.get_by_role("link", name="筛选").click()
    phone.get_by_label("试验产业").check()
    phone.get_by_role("button", name="显示 2 项成果").click()
    expect(phone.locator("#filters")).to_be_hidden()
    count(phone).to_have_text("2 项成果")


def test_the_simulator_answers_without_leaving_the_page(site, open_page):
    shelve()
    page = open_page(language="en")
    page.goto("/en/shelf/?code=z000101")
    tiles = page.locator("#simulator .tiles")
    expect(tiles).to_contain_text("190,367")
    page.get_by_label("First-quarter revenue").fill("3000000")
    page.get_by_label("Growth per quarter").fill("0")
    page.get_by_text("Base", exact=True).click()
    expect(tiles).to_contain_text("380,000")
    page.get_by_text("No sales", exact=True).click()
    expect(page.locator("#simulator figcaption")).to_contain_text("No revenue, no fee")
    address = page.url
    page.reload()
    assert page.url == address
    expect(page.locator("#simulator figcaption")).to_contain_text("No revenue, no fee")


def test_everything_works_without_scripts(site, browser):
    shelve()
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/browse/")
    page.get_by_label("试验产业").check()
    page.get_by_role("button", name="显示 3 项成果").click()
    count(page).to_have_text("2 项成果")
    page.get_by_role("link", name="低温快充电解液").click()
    page.get_by_label("首季相关收入").fill("3,000,000")
    page.get_by_label("每季增长").fill("0")
    page.get_by_role("button", name="算一算").click()
    expect(page.locator("#simulator .tiles")).to_contain_text("380,000")
    context.close()
