"""Profiles of an atlas (图谱样式): which maps and lists it has, which columns, and where the states of links part."""

from gaoyuan.chain.atlas.profiles.columns import COLUMNS, Column, Kind
from gaoyuan.chain.atlas.profiles.model import ListForm, MapForm, Profile, Words
from gaoyuan.chain.atlas.profiles.reading import DEFAULT_PROFILE, profile, profiles

__all__ = [
    "COLUMNS",
    "DEFAULT_PROFILE",
    "Column",
    "Kind",
    "ListForm",
    "MapForm",
    "Profile",
    "Words",
    "profile",
    "profiles",
]
