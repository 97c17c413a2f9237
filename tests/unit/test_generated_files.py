"""What is generated stands in the repository as it would be generated now."""

from pipelines.dictionary import FILE, dictionary


def test_the_dictionary_is_up_to_date() -> None:
    assert FILE.read_text(encoding="utf-8") == dictionary(), "run: python -m pipelines.dictionary"
