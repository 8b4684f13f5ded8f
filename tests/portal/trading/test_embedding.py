"""A language model of the operator's own: by a function, by HTTP, and where it fails."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from pytest_django import Settings

from gaoyuan.portal.trading import embedding
from gaoyuan.portal.trading.embedding import similarities


def by_letters(texts: Sequence[str]) -> list[list[float]]:
    """A model of meaning that counts letters."""
    return [[text.count("a") + 0.0, text.count("b") + 0.0] for text in texts]


class _Model(BaseHTTPRequestHandler):
    asked: list[int]

    def do_POST(self) -> None:
        texts = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["input"]
        type(self).asked.append(len(texts))
        rows = [{"index": at, "embedding": vector} for at, vector in enumerate(by_letters(texts))]
        self.send_response(500 if "broken" in texts else 200)
        self.end_headers()
        self.wfile.write(json.dumps({"data": rows[::-1]}).encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the server's own name)
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    _Model.asked = []
    server = HTTPServer(("127.0.0.1", 0), _Model)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/embeddings"
    server.shutdown()
    server.server_close()


def test_without_a_model_nothing_is_said(settings: Settings) -> None:
    settings.EMBEDDING = ""
    assert similarities("a", ["b"]) is None


def test_a_function_of_python_is_a_model(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "by_letters", by_letters, raising=False)
    settings.EMBEDDING = "gaoyuan.portal.trading.embedding:by_letters"
    assert similarities("a", ["aa", "b", "ab"]) == pytest.approx([1, 0, 0.5**0.5])


def test_an_address_is_a_model_and_is_asked_once_for_each_text(settings: Settings, address: str) -> None:
    settings.EMBEDDING = address
    assert similarities("a", ["aa", "b", "b"]) == pytest.approx([1, 0, 0])
    assert similarities("a", ["b", "ab"]) == pytest.approx([0, 0.5**0.5])
    assert _Model.asked == [3, 1]


@pytest.mark.parametrize("model", ["no.such:module", "json:dumps", "http://127.0.0.1:1/"])
def test_a_model_that_fails_leaves_it_to_the_words(model: str, settings: Settings) -> None:
    settings.EMBEDDING = model
    assert similarities("a", ["b"]) is None


def test_an_address_that_answers_with_an_error_leaves_it_to_the_words(settings: Settings, address: str) -> None:
    settings.EMBEDDING = address
    assert similarities("a", ["broken"]) is None
