"""Passing tests, most of them with parameters that are hard to carry."""

import pytest

NAMES = [
    "naïve café",
    "Ελληνικά",
    "🛒 basket",
    "a/b?c=d&e#f",
    "comma, \"quotes\" and 'apostrophes'",
    "back\\slash",
    "  blanks  ",
    "%41%20+",
]
ODD_VALUES = {
    "nul": "before\0after",
    "lone-surrogate": "before\ud83dafter",
    "long": "ü" * 10_000,
    "huge-integer": 2**60 + 1,
    "none": None,
    "tiny": 1e-7,
    "nested": {"list": [1, 2.5, None], "text": "ß"},
}


class TestCart:
    @pytest.mark.parametrize("quantity", range(1, 11))
    def test_adds(self, quantity):
        assert [quantity] * quantity

    @pytest.mark.parametrize("locale", ["de-DE", "日本語", "العربية"])
    @pytest.mark.parametrize("currency", ["€", "£", "¥", "₽"])
    def test_price(self, currency, locale):
        assert currency and locale


class TestSearch:
    @pytest.mark.parametrize("name", NAMES)
    def test_finds(self, name):
        assert name

    @pytest.mark.parametrize("value", ODD_VALUES.values(), ids=ODD_VALUES.keys())
    def test_survives(self, value):
        assert value is None or value
