"""Which product a name, a code or another name means; a name that several products share means none of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.workspace import Run, Workspace

Reference: TypeAlias = tuple[str, str, str]
"""The columns of a table that refer to a product: the product found, its code and its name as they were given."""

PRODUCT: Reference = ("product", "product_code", "product_name")
INPUT: Reference = ("input", "input_code", "input_name")

_SEPARATOR = pa.scalar("\x1f", pa.large_string())
_NAMED = 5
_CODES = 8


def comparable_products(names: pa.Array) -> pa.Array:
    """Give names of products (n) as they are compared: without blanks, full-width forms as half-width, small letters.

    >>> comparable_products(pa.array(["ＩＧＢＴ 模块", None])).to_pylist()
    ['igbt模块', None]
    """
    plain = pc.utf8_lower(pc.utf8_normalize(names.cast(pa.large_string()), form="NFKC"))
    return pc.replace_substring_regex(plain, r"\s+", "")


@dataclass(frozen=True, slots=True)
class ProductIndex:
    """The products of a list by everything that they are called: `codes` as written, and by comparable text the ids of
    the products that have it as code, as name, as other name. A product without a code has its name for an id. The
    `rows` say where in the list each id stands first.
    """

    rows: dict[str, int]
    codes: frozenset[str]
    called: tuple[dict[str, tuple[str, ...]], ...]

    def meant(self, text: str) -> tuple[str, ...]:
        """Give the ids of the products that a text may mean: one where it is clear, several where products share it,
        none where no product is called so. A code comes before a name, a name before other names.

        >>> rows = pa.table({"product": ["P7", "P8"], "product_name": ["螺栓", "螺栓"], "aliases": ["标准件", None]})
        >>> index = index_of_products(rows)
        >>> index.meant("p7"), index.meant("螺栓"), index.meant("标准件"), index.meant("轴")
        (('P7',), ('P7', 'P8'), ('P7',), ())
        """
        return self.meant_each(pa.array([text]))[0]

    def meant_each(self, texts: pa.Array) -> list[tuple[str, ...]]:
        """Give the same for each of many texts (n), none for a null."""
        plain = comparable_products(texts).to_pylist()
        return [
            (text,) if text in self.codes else self._called(key)
            for text, key in zip(texts.to_pylist(), plain, strict=True)
        ]

    def _called(self, plain: str | None) -> tuple[str, ...]:
        return next((tier[plain] for tier in self.called if plain in tier), ()) if plain is not None else ()

    def shared(self) -> dict[str, tuple[str, ...]]:
        """Give the names, as compared, that several products share, each with the ids of those that it may mean."""
        texts = sorted(set().union(*self.called))
        return {text: meant for text in texts if len(meant := self._called(text)) > 1}

    def hidden(self) -> dict[str, str]:
        """Give the other names that are the code or the name of another product, with the id of that one, which
        they mean.
        """
        *first, others = self.called
        found: dict[str, str] = {}
        for text, own in sorted(others.items()):
            meant = next((tier[text] for tier in first if text in tier), ())
            if len(meant) == 1 and set(own) - set(meant):
                found[text] = meant[0]
        return found


def index_of_products(rows: pa.Table) -> ProductIndex:
    """Make the index of products (columns product, product_name, aliases)."""
    ids = rows["product"].to_pylist()
    plain_ids, names = (
        comparable_products(rows[name].combine_chunks()).to_pylist() for name in ("product", "product_name")
    )
    codes = [id_ if plain != name else None for id_, plain, name in zip(ids, plain_ids, names, strict=True)]
    plain_codes = [plain if code is not None else None for code, plain in zip(codes, plain_ids, strict=True)]
    others = [
        list(filter(None, comparable_products(pa.array((given or "").split("|"))).to_pylist()))
        for given in rows["aliases"].to_pylist()
    ]
    tiers: list[dict[str, tuple[str, ...]]] = []
    for called in (*([[text] if text else [] for text in column] for column in (plain_codes, names)), others):
        tier: dict[str, dict[str, None]] = {}
        for id_, own in zip(ids, called, strict=True):
            for text in own:
                tier.setdefault(text, {})[id_] = None
        tiers.append({text: tuple(sorted(meant)) for text, meant in tier.items()})
    first = {id_: at for at, id_ in reversed(list(enumerate(ids)))}
    return ProductIndex(first, frozenset(code for code in codes if code is not None), tuple(tiers))


def product_index(workspace: Workspace) -> ProductIndex:
    """Make the index of the products of a workspace, an empty one where it has none."""
    columns = ["product", "product_name", "aliases"]
    if not workspace.has("product"):
        return index_of_products(pa.table({name: pa.array([], pa.string()) for name in columns}))
    return index_of_products(workspace.read("product", columns))


def find_products(workspace: Workspace, rows: pa.Table, run: Run, *references: Reference) -> pa.Table:
    """Find the products that rows refer to. One that is not listed goes by its code, or where it has none by its
    comparable name; one whose name several products share is left null, for it is not known which is meant.

    The codes and names as given decide, so that it does not matter which list came first; rows that have neither keep
    the product that they name.
    """
    run.inputs["product"] = workspace.version("product") if workspace.has("product") else None
    index = product_index(workspace)
    for reference in references:
        found = reference[0]
        codes, names, at, meant = _meant(index, rows, reference)
        one = pa.array([ids[0] if len(ids) == 1 else None for ids in meant], pa.large_string()).take(at)
        several = pa.array([len(ids) > 1 for ids in meant], pa.bool_()).take(at)
        # A product that has been found and is no longer listed under this name stays.
        unlisted = pc.coalesce(codes, _text(rows, found), comparable_products(names))
        ids = pc.if_else(several, pa.scalar(None, pa.large_string()), pc.coalesce(one, unlisted))
        field = rows.schema.field(found)
        rows = rows.set_column(rows.schema.get_field_index(found), field, ids.cast(field.type))
    return rows


def product_keys(rows: pa.Table, reference: Reference = PRODUCT) -> pa.Array:
    """Give what tells the products of rows (n) apart: the product, else the comparable name that several share."""
    found, _, name = reference
    named = pc.binary_join_element_wise(
        pa.scalar("name", pa.large_string()), comparable_products(_text(rows, name)), _SEPARATOR
    )
    return pc.coalesce(_text(rows, found), named)


def product_notes(workspace: Workspace, rows: pa.Table, *references: Reference) -> list[str]:
    """Give notes on the products that rows refer to: names that several share, and products that are not listed."""
    index = product_index(workspace)
    count, names = _sharing(index, rows, references)
    notes = unlisted_products(workspace, *(rows[found] for found, _, _ in references))
    if not count:
        return notes
    return [
        "名称为几种产品共用，不知指哪一种，未对应产品 a name that several products share, so that it is not known "
        f"which is meant and no product is linked: {count:,} 行 rows ({_listed(names)}); {_BY_CODE}",
        *notes,
    ]


def sharing_rows(index: ProductIndex, rows: pa.Table, *references: Reference) -> int:
    """Count the rows that refer to a product by a name that several products share."""
    return _sharing(index, rows, references)[0]


def listing_notes(index: ProductIndex, referring: Iterable[tuple[str, int]]) -> list[str]:
    """Give notes on names that mean several products of a list, with the rows of other lists that refer by them
    (`referring`: list and number of rows), and on other names that are those of another product.
    """
    notes: list[str] = []
    if shared := index.shared():
        rows = "、".join(f"{name} {count:,} 行 rows" for name, count in referring if count)
        left = f"; 因此未对应产品 left without a product: {rows}" if rows else ""
        notes.append(
            f"几种产品共用的名称 names that several products share: {len(shared):,} ({_listed(shared)}); "
            f"{_BY_CODE}{left}"
        )
    if hidden := index.hidden():
        said = _listed({text: (id_,) for text, id_ in hidden.items()})
        notes.append(
            "别名与另一产品的名称或代码相同，按后者理解 other names that are the name or code of another product, "
            f"which they then mean: {len(hidden):,} ({said})"
        )
    return notes


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
    said = "、".join(others[:_NAMED]) + (" …" if len(others) > _NAMED else "")
    return [f"产品清单中没有 not in the list of products: {len(others):,} 种 products ({said})"]


_BY_CODE = "用产品代码指明 refer to them by code (产品代码, 投入品代码)"


def _meant(
    index: ProductIndex, rows: pa.Table, reference: Reference
) -> tuple[pa.Array, pa.Array, pa.Array, list[tuple[str, ...]]]:
    """Give the codes and names by which rows (n) refer, and the products that each pair may mean: which of the pairs a
    row has (n), and the ids by pair (k).
    """
    found, code, name = reference
    names = _text(rows, name)
    # A row with neither code nor name names its product by what stands there.
    codes = pc.coalesce(_text(rows, code), pc.if_else(pc.is_null(names), _text(rows, found), None))
    pairs = pc.binary_join_element_wise(
        pc.fill_null(codes, ""), pc.fill_null(names, ""), _SEPARATOR
    ).dictionary_encode()
    first = np.unique(pairs.indices.to_numpy(), return_index=True)[1]
    # A code comes first; one of somebody else's numbering does not hide a name that is known.
    by_code, by_name = (index.meant_each(column.take(pa.array(first))) for column in (codes, names))
    return codes, names, pairs.indices, [code or name for code, name in zip(by_code, by_name, strict=True)]


def _sharing(
    index: ProductIndex, rows: pa.Table, references: Sequence[Reference]
) -> tuple[int, dict[str, tuple[str, ...]]]:
    """Count the rows that refer by a shared name, and give these names with the ids that they may mean."""
    some = np.zeros(rows.num_rows, dtype=bool)
    names: dict[str, tuple[str, ...]] = {}
    for reference in references:
        codes, called, at, meant = _meant(index, rows, reference)
        places = at.to_numpy()
        several = np.array([len(ids) > 1 for ids in meant], dtype=bool)[places] if rows.num_rows else some
        some |= several
        said = pc.coalesce(called, codes).filter(pa.array(several)).to_pylist()
        names |= {text: meant[place] for text, place in zip(said, places[several].tolist(), strict=True)}
    return int(some.sum()), dict(sorted(names.items()))


def _listed(names: dict[str, tuple[str, ...]]) -> str:
    said = "; ".join(_with_codes(names))
    return said + (" …" if len(names) > _NAMED else "")


def _with_codes(names: dict[str, tuple[str, ...]]) -> Iterator[str]:
    for text, ids in list(names.items())[:_NAMED]:
        yield f"{text}: {', '.join(ids[:_CODES])}" + (" …" if len(ids) > _CODES else "")


def _text(rows: pa.Table, column: str) -> pa.Array:
    return rows[column].combine_chunks().cast(pa.large_string())
