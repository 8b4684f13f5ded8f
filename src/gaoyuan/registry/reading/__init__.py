"""Reading people's files: text, spreadsheets and Parquet, as batches of rows with their row numbers."""

from gaoyuan.registry.reading.opening import Source, open_source
from gaoyuan.registry.reading.settings import ReadSettings
from gaoyuan.registry.reading.source import Ragged, RowBatch

__all__ = ["Ragged", "ReadSettings", "RowBatch", "Source", "open_source"]
