"""What is generated stands in the repository as it would be generated now."""

from pipelines import indicator_cards
from pipelines.dictionary import FILE, dictionary


def test_the_dictionary_is_up_to_date() -> None:
    assert FILE.read_text(encoding="utf-8") == dictionary(), "run: python -m pipelines.dictionary"


def test_the_indicator_cards_are_up_to_date() -> None:
    written = indicator_cards.FILE.read_text(encoding="utf-8")
    assert written == indicator_cards.cards(), "run: python -m pipelines.indicator_cards"
