"""Reading YAML that people wrote: rules, plans, maps, comparisons and facts; no file can hang or kill the program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from gaoyuan.errors import FileUnreadable

try:
    from yaml import CSafeLoader as SafeLoader  # many times as fast
except ImportError:
    from yaml import SafeLoader

MOST_BYTES = 1_000_000
"""The greatest file that is read; shipped rules have about a hundredth of it."""
DEEPEST = 100
"""How deep lists and mappings may stand in each other."""
_MOST_ENTRIES = 1_000_000

_PLAIN = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in SafeLoader.yaml_implicit_resolvers.items()
}
_PlainLoader: Any = type("_PlainLoader", (SafeLoader,), {"yaml_implicit_resolvers": _PLAIN})


def read_yaml(file: Path, what: str, *, dates_as_text: bool = False) -> object:
    """Read a YAML file (UTF-8); `what` names it in errors, as in "the plan".

    Dates are dates, or, with `dates_as_text`, the text that was written, also where there is no such day. Raises
    FileUnreadable for a file that cannot be read, is no YAML, is greater than `MOST_BYTES` or nested deeper than
    `DEEPEST`, or has values that there are not, such as the 30th of February.
    """
    try:
        if (size := file.stat().st_size) > MOST_BYTES:
            raise _unreadable(what, f"{size:,} bytes, more than {MOST_BYTES:,}", str(file), "Give a smaller file.")
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise _unreadable(what, "no text in UTF-8", str(file), "Save the file as UTF-8.") from None
    except (OSError, ValueError) as fault:
        raise _unreadable(what, str(getattr(fault, "strerror", None) or fault), str(file)) from None
    return parse_yaml(text, what, str(file), dates_as_text=dates_as_text)


def parse_yaml(text: str, what: str, where: str, *, dates_as_text: bool = False) -> object:
    """Read YAML text as `read_yaml` reads a file.

    >>> parse_yaml("{day: 2025-02-30}", "the plan", "plan.yaml", dates_as_text=True)
    {'day': '2025-02-30'}
    """
    try:
        # The parser of events does not call itself, that of values does: without end, the interpreter dies.
        depth = 0
        for event in yaml.parse(text, Loader=SafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise _too_deep(what, where)
        data = yaml.load(text, Loader=_PlainLoader if dates_as_text else SafeLoader)
    # The constructors of yaml let a value that there is not, such as `!!bool x`, fail in all of these ways.
    except (yaml.YAMLError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as fault:
        raise _unreadable(what, str(fault), where) from None
    except RecursionError:
        raise _too_deep(what, where) from None
    _check_size(data, what, where)
    return data


def _check_size(data: object, what: str, where: str) -> None:
    """Refuse what aliases blow up: `&a [*a]`, or lists of lists of the same list."""
    level, entries = [data], 0
    for _ in range(DEEPEST + 1):
        inner: list[object] = []
        for one in level:
            if isinstance(one, dict):
                inner.extend(one.values())
            elif isinstance(one, list | tuple | set):
                inner.extend(one)
            if entries + len(inner) > _MOST_ENTRIES:
                raise _unreadable(what, f"more than {_MOST_ENTRIES:,} entries", where, "Use fewer aliases (*name).")
        entries += len(inner)
        level = inner
    if level:
        raise _too_deep(what, where)


def _too_deep(what: str, where: str) -> FileUnreadable:
    return _unreadable(what, f"nested deeper than {DEEPEST} levels", where, "Take brackets or indentation out.")


def _unreadable(what: str, why: str, where: str, mend: str = "Mend the file.") -> FileUnreadable:
    # Why it cannot is the reader's word or the system's, and comes in English only.
    return FileUnreadable(
        f"{what} cannot be read ({why})", where=where, mend=mend, zh="文件无法读取", mend_zh="核对文件"
    )
