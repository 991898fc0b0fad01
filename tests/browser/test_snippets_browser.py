"""The documents' commands that need a browser, Marp or some time."""

from __future__ import annotations

from pathlib import Path

import pytest
from snippets import Snippet, pages, snippets
from test_snippets import copied, run

pytestmark = pytest.mark.browser
ALL = [snippet for path in pages() for snippet in snippets(path) if snippet.mark == "browser"]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("checkout"))


@pytest.mark.parametrize("snippet", ALL, ids=lambda snippet: snippet.name)
def test_its_commands_run(snippet: Snippet, checkout: Path) -> None:
    run(snippet, checkout)
