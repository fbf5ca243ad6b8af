"""Random replies whose maker knows what they declare; benchmarks/parser_fuzz.py makes more of them."""

from __future__ import annotations

import sys
from collections import Counter
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from players import parser
from players.forms import FORMS
from players.naming import NAMINGS


@pytest.fixture(scope="module")
def fuzz() -> ModuleType:
    file = Path(__file__).parent.parent / "benchmarks/parser_fuzz.py"
    spec = spec_from_file_location("parser_fuzz", file)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["parser_fuzz"] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def counted(fuzz: ModuleType, count: int, seed: int = 1) -> Counter[str]:
    return Counter(fuzz.verdict(case) for case in fuzz.cases(count, seed))


def test_what_was_declared_last_is_read_and_nothing_else(fuzz: ModuleType) -> None:
    """No exception, no action accepted that was not declared, no declared legal answer refused."""
    counts = counted(fuzz, 5000)
    assert set(counts) == set(fuzz.RIGHT)
    assert min(counts.values()) > 300


def test_every_form_and_naming_is_met(fuzz: ModuleType) -> None:
    met = {(case.style.form, case.style.naming) for case in fuzz.cases(1000, 1) if case.declared is not None}
    assert met == {(form, naming) for form in FORMS for naming in NAMINGS}


def test_a_parser_that_takes_the_first_answer_is_found_out(
    fuzz: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def first_brackets(text: str) -> parser._Declared:
        said = parser._BRACKETS.findall(text)
        return parser._Declared(said[0] if said else None, None)

    monkeypatch.setattr(parser, "READERS", {**parser.READERS, "brackets": first_brackets})
    counts = counted(fuzz, 2000)
    assert counts["accepted what was not declared"] > 10
    assert counts["refused a declared legal answer"] > 10


def test_a_parser_that_guesses_or_fails_is_found_out(
    fuzz: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def any_number(text: str) -> parser._Declared:
        return parser._Declared(next((letter for letter in text if letter.isdigit()), "1"), None)

    monkeypatch.setattr(parser, "READERS", dict.fromkeys(FORMS, any_number))
    assert counted(fuzz, 300)["accepted what was not declared"] > 10
    monkeypatch.setattr(parser, "READERS", {})
    assert counted(fuzz, 100)["exception: KeyError"] > 50, "an empty reply is not looked at"


def test_reading_takes_time_in_proportion_to_the_text(fuzz: ModuleType) -> None:
    """Four times the text; a quadratic reader takes sixteen times as long."""
    for form, piece in fuzz.hostile(60, seed=1):
        assert fuzz.growth(form, piece) < 9, (form, piece)
