"""Search tokens: properties over text of every kind."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from listings.rules import tokens

ANY_TEXT = st.text(max_size=80)
QUIET = settings(deadline=None)
CHINESE = st.text("低温快充电池氢能机器人手术陶瓷薄膜", min_size=1, max_size=12)


@QUIET
@given(ANY_TEXT)
def test_a_query_holds_no_sign_that_could_be_an_operator(text):
    asked = tokens.query(text)
    for word in (*asked.words, *asked.pairs, asked.whole):
        assert not re.search(r"[\W_]", word)


@QUIET
@given(ANY_TEXT, ANY_TEXT)
def test_a_documents_tokens_are_sorted_whole_and_without_repetition(title, body):
    found = tokens.document(title, body, [title])
    assert found == sorted(set(found))
    assert all(found)
    assert all(len(token) <= tokens.LONGEST + 1 for token in found)


@QUIET
@given(CHINESE)
def test_a_title_is_found_by_each_of_its_characters(title):
    found = set(tokens.document(title, "", []))
    assert set(title) <= found


@QUIET
@given(ANY_TEXT)
def test_normalising_twice_changes_nothing(text):
    once = tokens.normalised(text)
    assert tokens.normalised(once) == once


def test_traditional_simplified_and_wide_letters_ask_the_same():
    assert tokens.query("低溫電池 ＬＦＰ") == tokens.query("低温电池 lfp")


def test_words_that_tell_nothing_are_dropped_unless_there_is_nothing_else():
    assert tokens.query("the design of a pump").words == ("design", "pump")
    assert tokens.query("的").words == ("的",)


def test_a_query_of_a_thousand_words_stays_short():
    asked = tokens.query(" ".join(f"word{number}" for number in range(1000)))
    assert len(asked.words) == tokens.MOST_WORDS


def test_numbers_and_names_are_compared_without_their_signs():
    names = ["A-0312-07", "CN202310123456.7"]
    assert {"#a031207", "#cn2023101234567"} <= set(tokens.document("", "", names))


def test_a_word_of_the_title_is_marked_as_one():
    found = tokens.document("低温电池", "快充", [])
    assert "^电池" in found
    assert "快充" in found
    assert "^快充" not in found


def test_what_looks_alike_shares_pairs_of_characters_or_latin_words():
    asked = tokens.query("低温电解槽 membrane")
    assert asked.alike == ("~低温", "~温电", "~电解", "~解槽", "membrane")
