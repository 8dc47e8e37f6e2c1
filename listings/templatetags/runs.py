"""Texts that stand in a language of their own on the page, and counts."""

import re

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from listings.rules.wording import CHINESE

register = template.Library()

_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")


@register.filter
def in_its_language(text: str) -> str | SafeString:
    """The text, marked as Chinese where it is and the page is not."""
    if (get_language() or "").startswith("zh") or not _CHINESE.search(text):
        return text
    return format_html('<span lang="{}">{}</span>', CHINESE, text)


@register.filter
def grouped(count: int) -> str:
    """A count with separators, the same in every language."""
    return f"{count:,}"
