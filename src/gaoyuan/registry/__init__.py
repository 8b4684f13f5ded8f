"""Reading people's registers of enterprises: columns recognised, values checked, bad rows set aside, industries derived
from names and business scopes, firms located in their counties.

`import_enterprises` brings files into the table `register`, `write_enterprises` codes and locates its firms into the
table `enterprise`, `import_titles` brings lists of titled firms into the table `title`; `IndustryCoder` codes firms
without a workspace. What is named here is loaded when first used, for the compiled code behind it takes a while.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gaoyuan.registry.columns import UserMapping, load_mapping
    from gaoyuan.registry.enterprises import EnterpriseCounts, write_enterprises
    from gaoyuan.registry.importing import ImportedFile, import_enterprises
    from gaoyuan.registry.importing_titles import ImportedTitles, import_titles, match_titles
    from gaoyuan.registry.industry_coding import IndustryCoder

__all__ = [
    "EnterpriseCounts",
    "ImportedFile",
    "ImportedTitles",
    "IndustryCoder",
    "UserMapping",
    "import_enterprises",
    "import_titles",
    "load_mapping",
    "match_titles",
    "write_enterprises",
]

_MODULE_OF = {
    "EnterpriseCounts": "enterprises",
    "ImportedFile": "importing",
    "ImportedTitles": "importing_titles",
    "IndustryCoder": "industry_coding",
    "UserMapping": "columns",
    "import_enterprises": "importing",
    "import_titles": "importing_titles",
    "load_mapping": "columns",
    "match_titles": "importing_titles",
    "write_enterprises": "enterprises",
}


def __getattr__(name: str) -> object:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
