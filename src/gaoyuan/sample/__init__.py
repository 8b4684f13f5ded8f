"""The sample province: a raw register of fictional firms on real codes, with planted clusters whose truth is known.

It is what the demonstration, the tests and the benchmarks run on. No firm in it exists; counties, townships and
industries do.
"""

from gaoyuan.sample.planting import PlantedCluster, plant
from gaoyuan.sample.recovery import Recovery, recovery
from gaoyuan.sample.writing import ALL_SAMPLE_FILES, DEFAULT_ENTERPRISES, DEFAULT_SEED, SampleSummary, write_sample

__all__ = [
    "ALL_SAMPLE_FILES",
    "DEFAULT_ENTERPRISES",
    "DEFAULT_SEED",
    "PlantedCluster",
    "Recovery",
    "SampleSummary",
    "plant",
    "recovery",
    "write_sample",
]
