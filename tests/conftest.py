"""Core tests run without trained models, so that they are fast and say the same on every machine."""

import pytest

from analyser import shipped
from analyser.text import parsing


@pytest.fixture
def untrained(monkeypatch):
    """The package as if the models folder were missing."""
    monkeypatch.setattr(shipped, "trained_model", lambda name: None)
    parsing.load_pipeline.cache_clear()
    yield
    parsing.load_pipeline.cache_clear()


@pytest.fixture(autouse=True)
def no_user_folder(monkeypatch, tmp_path_factory):
    """What the developer's own machine has learnt must not show in the tests."""
    monkeypatch.setattr(shipped, "user_folder", lambda: tmp_path_factory.getbasetemp() / "no-user-folder")
