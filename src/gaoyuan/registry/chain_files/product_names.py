"""Which product a name, a code or another name means."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.workspace import Workspace


def comparable_products(names: pa.Array) -> pa.Array:
    """Give names of products (n) as they are compared: without blanks, full-width forms as half-width, small letters.

    >>> comparable_products(pa.array(["ＩＧＢＴ 模块", None])).to_pylist()
    ['igbt模块', None]
    """
    plain = pc.utf8_lower(pc.utf8_normalize(names.cast(pa.large_string()), form="NFKC"))
    return pc.replace_substring_regex(plain, r"\s+", "")


@dataclass(frozen=True, slots=True)
class ProductIndex:
    """The products of a workspace by everything that they are called."""

    ids: dict[str, str]

    def find(self, codes: pa.Array, names: pa.Array) -> pa.Array:
        """Give the ids of products (n) by their codes (null where none is given), else by their names. A product that
        is not known goes by its code, or where it has none by its comparable name.
        """
        plain = comparable_products(names)
        key = pc.coalesce(comparable_products(codes), plain)
        unique = key.dictionary_encode()
        found = pa.array([self.ids.get(name) for name in unique.dictionary.to_pylist()], pa.large_string())
        by_code_given = pc.coalesce(codes.cast(pa.large_string()), plain)
        by_name = pa.array([self.ids.get(name) for name in plain.to_pylist()], pa.large_string())
        unknown_code = pc.and_(pc.is_valid(codes), pc.is_null(found.take(unique.indices)))
        # A code of somebody else's numbering does not hide a name that is known.
        return pc.coalesce(
            found.take(unique.indices), pc.if_else(unknown_code, by_name, pa.scalar(None, by_name.type)), by_code_given
        ).cast(pa.string())


def product_index(workspace: Workspace) -> ProductIndex:
    """Read what the products of a workspace are called; an id comes before a name, a name before other names."""
    ids: dict[str, str] = {}
    if workspace.has("product"):
        rows = workspace.read("product", ["product", "product_name", "aliases"])
        own = rows["product"].to_pylist()
        for name in ("product", "product_name"):
            for id_, called in zip(own, comparable_products(rows[name].combine_chunks()).to_pylist(), strict=True):
                if called is not None:
                    ids.setdefault(called, id_)
        for id_, aliases in zip(own, comparable_products(rows["aliases"].combine_chunks()).to_pylist(), strict=True):
            for alias in (aliases or "").split("|"):
                if alias:
                    ids.setdefault(alias, id_)
    return ProductIndex(ids)


def unlisted_products(workspace: Workspace, *columns: pa.ChunkedArray) -> list[str]:
    """Give a note on the products (ids) that the list of products has not: names of their own, or slips of the pen.
    Without a list of products there is nothing to compare with.
    """
    if not workspace.has("product"):
        return []
    listed = set(workspace.read("product", ["product"])["product"].to_pylist())
    others = sorted({own for column in columns for own in column.to_pylist() if own is not None and own not in listed})
    if not others:
        return []
    said = "、".join(others[:5]) + (" …" if len(others) > 5 else "")
    return [f"产品清单中没有 not in the list of products: {len(others):,} 种 products ({said})"]
