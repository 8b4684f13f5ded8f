"""The forms of the data desk: a file, how it is read, and what its columns are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gaoyuan.codes import DATUMS, titles
from gaoyuan.errors import GaoyuanError
from gaoyuan.portal.desk.columns import FIXED, MONEY_TARGETS, check, names_of
from gaoyuan.portal.desk.models import Kind, Upload
from gaoyuan.portal.desk.receiving import ENDINGS
from gaoyuan.portal.desk.telling import told
from gaoyuan.registry.columns import MAX_HEADER_ROW, unit_names

ENCODINGS = ("utf-8", "gb18030", "utf-16")
_SAMPLES = 3


class UploadForm(forms.Form):
    """A file, and what it holds."""

    kind = forms.ChoiceField(label=lazy("What the file holds"), choices=Kind.choices)
    file = forms.FileField(
        label=lazy("File"),
        max_length=255,
        # A file without bytes is told of like any other that cannot be read.
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ",".join((*ENDINGS[:6], ".gz"))}),
    )


class ReadingForm(forms.Form):
    """How a file is read, where it is not recognised rightly; what is left empty is recognised."""

    sheet = forms.ChoiceField(label=lazy("Sheet"), required=False)
    header_row = forms.IntegerField(
        label=lazy("Row of the headings"), required=False, min_value=1, max_value=MAX_HEADER_ROW
    )
    encoding = forms.ChoiceField(label=lazy("Encoding of the text"), required=False)
    datum = forms.ChoiceField(label=lazy("Datum of the coordinates"), required=False)
    title = forms.ChoiceField(label=lazy("Title of all rows"), required=False)
    table = forms.CharField(label=lazy("Name of the table"), required=False, max_length=120)
    unit = forms.ChoiceField(label=lazy("Unit of the values"), required=False)
    source = forms.CharField(label=lazy("Where the list was published"), required=False, max_length=300)

    def __init__(self, data: QueryDict | None, upload: Upload) -> None:
        super().__init__(data, initial=upload.reading)
        preview = upload.preview or {}
        sheets = preview.get("sheets", [])
        auto = ("", _("recognised"))
        offered = {
            "sheet": [(one, one) for one in sheets],
            "encoding": [] if sheets else [(one, one.upper()) for one in ENCODINGS],
            "datum": [(one, one) for one in DATUMS] if upload.kind == Kind.ENTERPRISES else [],
            "title": _titles() if upload.kind == Kind.TITLES else [],
            "unit": _units_of_tables() if upload.kind == Kind.IO else [],
        }
        for name, choices in offered.items():
            empty = {"title": [("", _("as the column says"))], "unit": []}.get(name, [auto])
            if choices:
                self.fields[name].choices = [*empty, *choices]  # pyright: ignore[reportAttributeAccessIssue]
            else:
                del self.fields[name]
        if upload.kind in {Kind.ENTERPRISES, Kind.FACTS}:
            del self.fields["source"]
        if upload.kind == Kind.FACTS:
            # Facts are read as their form was written.
            for name in list(self.fields):
                del self.fields[name]
        if upload.kind == Kind.IO:
            # The importer looks for the square itself.
            for name in ("sheet", "header_row", "encoding"):
                self.fields.pop(name, None)
        else:
            self.fields.pop("table", None)

    def reading(self) -> dict[str, Any]:
        """Give the settings that have been chosen."""
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the mapping form: its heading, first values, and the names and values of its two fields."""

    number: int
    heading: str
    samples: list[str]
    target: str
    unit: str
    is_money: bool


class MappingForm:
    """What each column of a file is: a select for each, and a unit where the column can hold money."""

    def __init__(self, upload: Upload, data: QueryDict | None = None) -> None:
        preview = upload.preview or {"headings": [], "rows": [], "recognised": []}
        self.kind = upload.kind
        self.headings: list[str] = preview["headings"]
        self._rows: list[list[str]] = preview["rows"]
        self.names = names_of(upload.kind)
        self.units = unit_names()
        self.errors: list[str] = []
        self.choices = [list(one) for one in upload.columns] if data is None else self._chosen(data)

    @property
    def fixed(self) -> bool:
        """Whether the columns cannot be chosen: of some kinds they are known by their headings alone."""
        return self.kind in FIXED

    @property
    def no_headings(self) -> bool:
        """Whether no column is recognised or chosen."""
        return not any(target for target, _unit in self.choices)

    def columns(self) -> Iterator[Column]:
        """Give the columns in the order of the file."""
        for number, (heading, (target, unit)) in enumerate(zip(self.headings, self.choices, strict=True)):
            values = [row[number] for row in self._rows if number < len(row) and row[number]]
            numeric = bool(values) and all(_is_number(value) for value in values[:_SAMPLES])
            yield Column(
                number,
                heading,
                values[:_SAMPLES],
                target,
                unit,
                target in MONEY_TARGETS or (numeric and self._has_money),
            )

    @property
    def _has_money(self) -> bool:
        return bool(MONEY_TARGETS & self.names.keys())

    def is_valid(self) -> bool:
        """Check the choices: each target once, and what rows need."""
        self.errors = []
        seen: dict[str, str] = {}
        for heading, (target, _unit) in zip(self.headings, self.choices, strict=True):
            if target and target in seen:
                self.errors.append(
                    _("Two columns, %(first)s and %(second)s, are read as %(target)s: choose one.")
                    % {"first": seen[target], "second": heading, "target": self.names[target]}
                )
            elif target:
                seen[target] = heading
        if not self.errors:
            try:
                check(self.headings, self.choices, self.kind)
            except GaoyuanError as fault:
                self.errors.append(told(fault, mend=False) + " " + _("Choose in the table which column it is."))
        return not self.errors

    def _chosen(self, data: QueryDict) -> list[list[str]]:
        chosen: list[list[str]] = []
        for number in range(len(self.headings)):
            target, unit = data.get(f"column-{number}", ""), data.get(f"unit-{number}", "")
            target = target if target in self.names else ""
            chosen.append([target, unit if target in MONEY_TARGETS and unit in self.units else ""])
        return chosen


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", ""))
    except ValueError:
        return False
    return True


def _titles() -> list[tuple[str, str]]:
    chinese = (get_language() or "zh").startswith("zh")
    return [(name, one.zh if chinese else one.en) for name, one in titles().items()]


def _units_of_tables() -> list[tuple[str, str]]:
    """Give the units of money of input-output tables, the usual one first."""
    # Loaded on demand: with it comes the engine of the workspace.
    from gaoyuan.registry.chain_files.io_tables import DEFAULT_UNIT, UNITS

    return [(one, one) for one in sorted(UNITS, key=lambda one: one != DEFAULT_UNIT)]
