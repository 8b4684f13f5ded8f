"""The version of Gaoyuan."""

__version__ = "0.1.0"
