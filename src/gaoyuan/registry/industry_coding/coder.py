"""Coding batches of firms to GB/T 4754-2017."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.codes import classes
from gaoyuan.registry.industry_coding.scoring import ALTERNATIVES, Coded, Model, code_firms, load_model
from gaoyuan.registry.phrases import texts_of

CODED_SCHEMA = pa.schema(
    [
        pa.field("industry", pa.string()),
        pa.field("industry_confidence", pa.float64()),
        pa.field("industry_alternatives", pa.string()),
        pa.field("producer", pa.bool_()),
    ]
)


class IndustryCoder:
    """Derives industries from names and business scopes, on all cores. Holds no state but the model, so one coder
    serves many threads.
    """

    def __init__(self, model: Model | None = None) -> None:
        self._model = model or load_model()
        self._codes = pa.array([*classes(), None], pa.string())

    def code(self, names: pa.Array, scopes: pa.Array) -> pa.RecordBatch:
        """Give for each firm its class, how sure it is, up to three further classes, and whether the firm produces (see
        `CODED_SCHEMA`).

        `names` and `scopes` (n) are text; nulls are unknown. The class is null where nothing in name or scope supports
        any. The confidence is the probability that a careful reader would accept the class, calibrated on firms left
        out of the fit.

        >>> coded = IndustryCoder().code(pa.array(["甲毛巾厂", "乙有限公司"]), pa.array(["毛巾、浴巾生产、销售", None]))
        >>> coded.column("industry").to_pylist()
        ['1772', None]
        """
        coded = self._coded(pc.coalesce(names, ""), pc.coalesce(scopes, ""))
        found = coded.industry >= 0
        intercept, slope = self._model.calibration
        odds = intercept + slope * np.clip(coded.log_odds.astype(np.float64), -6.0, 12.0)
        confidence = 1.0 / (1.0 + np.exp(-odds))
        return pa.RecordBatch.from_arrays(
            [
                self._text(coded.industry),
                pa.array(np.round(confidence, 4), mask=~found),
                self._joined(coded.alternatives),
                pa.array(coded.producer),
            ],
            schema=CODED_SCHEMA,
        )

    def _coded(self, names: pa.Array, scopes: pa.Array) -> Coded:
        model, count = self._model, len(names)
        workers = max(1, min(os.cpu_count() or 1, count // 2000))
        bounds = np.linspace(0, count, workers + 1).astype(int)
        name_texts, scope_texts = texts_of(names), texts_of(scopes)

        def part(i: int) -> Coded:
            return code_firms(
                model.reader, model.weights, model.families, name_texts, scope_texts, bounds[i], bounds[i + 1]
            )

        with ThreadPoolExecutor(workers) as pool:
            parts = list(pool.map(part, range(workers)))
        return Coded(*(np.concatenate(column) for column in zip(*parts, strict=True)))

    def _text(self, positions: npt.NDArray[np.int16]) -> pa.Array:
        return self._codes.take(pa.array(np.where(positions < 0, len(self._codes) - 1, positions).astype(np.int32)))

    def _joined(self, alternatives: npt.NDArray[np.int16]) -> pa.Array:
        columns = [pc.fill_null(self._text(alternatives[:, i]), "") for i in range(ALTERNATIVES)]
        joined = pc.utf8_rtrim(pc.binary_join_element_wise(*columns, "|"), "|")
        return pc.if_else(pc.equal(joined, ""), pa.scalar(None, pa.string()), joined)
