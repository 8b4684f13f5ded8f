"""A language model of the operator's own that tells how near texts are in meaning; without one, words decide alone.

`GAOYUAN_EMBEDDING` names it: an address that answers as OpenAI's does (`POST {"input": [...]}` gives `{"data":
[{"embedding": [...]}, ...]}`; llama.cpp, vLLM and Ollama speak it), or a function of Python, `package.module:function`,
that makes a vector of each text. What is posted is sent there and nowhere else. It orders what words and products have
found and adds nothing to it; where it fails, the log says so and words decide.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib import import_module
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import urllib3
from django.conf import settings

__all__ = ["similarities"]

Vectors: TypeAlias = npt.NDArray[np.float64]
_SECONDS = 5.0
_KEPT = 20_000
_log = logging.getLogger(__name__)
_known: dict[tuple[str, str], Vectors] = {}


def similarities(text: str, others: Sequence[str]) -> list[float] | None:
    """Give how near other texts are to one in meaning: the cosines of their vectors, those below zero as zero. None
    without a model, or where it fails.
    """
    model = str(settings.EMBEDDING)
    if not model or not others:
        return None
    try:
        vectors = _vectors(model, [text, *others])
    except Exception:
        # Whatever a model of somebody else's raises: what is posted must be found all the same.
        _log.warning("the embedding model %s does not answer as it should", model, exc_info=True)
        return None
    return [float(one) for one in np.clip(vectors[1:] @ vectors[0], 0, 1)]


def _vectors(model: str, texts: Sequence[str]) -> Vectors:
    """Give the vectors of texts, of length one; each text is sent once and remembered."""
    new = list(dict.fromkeys(text for text in texts if (model, text) not in _known))
    if new:
        made = np.asarray(_maker(model)(new), dtype=np.float64)
        if made.ndim != 2 or len(made) != len(new) or not np.isfinite(made).all():
            raise ValueError(f"{len(new)} texts gave vectors of shape {made.shape}")
        made /= np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-12)
        if len(_known) + len(new) > _KEPT:
            _known.clear()
            return _vectors(model, texts)
        _known.update({(model, text): vector for text, vector in zip(new, made, strict=True)})
    return np.stack([_known[model, text] for text in texts])


@lru_cache(maxsize=4)
def _maker(model: str) -> Callable[[Sequence[str]], object]:
    if model.startswith(("http://", "https://")):
        return lambda texts: _asked(model, texts)
    module, _, name = model.partition(":")
    return getattr(import_module(module), name)


def _asked(address: str, texts: Sequence[str]) -> list[object]:
    answer = urllib3.PoolManager().request(
        "POST",
        address,
        body=json.dumps({"input": list(texts)}),
        headers={"Content-Type": "application/json"},
        timeout=_SECONDS,
        retries=False,
        redirect=False,
    )
    if answer.status != 200:
        raise ValueError(f"{address} answered {answer.status}")
    rows = json.loads(answer.data)["data"]
    return [one["embedding"] for one in sorted(rows, key=lambda one: one.get("index", 0))]
