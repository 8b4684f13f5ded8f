"""The register of data products: what an act of it says, how a product is described, measured and sampled.

`acts` (the five acts, and how long they are kept), `description` (what a holder says of a product), `dcat` (the same
for catalogues), `sampling` (a small file that shows what the data look like, and nothing personal), `quality` (what was
measured of a table), `certificates` (an act as a record of the log, and the file that proves it).

A certificate proves that an act was entered, what it said and when, not that the data are as they are described.
"""
