"""Editions: what the schema refuses and where, which edition a day has, and the user's own file."""

from __future__ import annotations

import copy
import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from gaoyuan.assess import edition, edition_of, editions, read_edition
from gaoyuan.assess.rules.rulebook import FOLDER, as_date, schema
from gaoyuan.assess.rules.walk import walk
from gaoyuan.errors import InputError, NotFound


def _data() -> dict[str, Any]:
    return copy.deepcopy(dict(edition("cn-sme-cluster.2022").data))


def _refused(change: Callable[[dict[str, Any]], object]) -> str:
    data = _data()
    change(data)
    with pytest.raises(InputError) as fault:
        edition_of(data, "my.yaml")
    return str(fault.value)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(dict(schema()))


@pytest.mark.parametrize("key", sorted(one.key for one in editions()))
def test_every_criterion_has_an_article_and_a_status_of_its_own(key: str) -> None:
    for entry in edition(key).data["criteria"]:  # type: ignore[union-attr]
        assert entry["article"], entry["id"]  # type: ignore[index, call-overload]
        assert entry["status"], entry["id"]  # type: ignore[index, call-overload]


@pytest.mark.parametrize("key", sorted(one.key for one in editions()))
def test_an_edition_is_named_like_its_file_and_its_criteria_have_names_of_their_own(key: str) -> None:
    assert (FOLDER / f"{key}.yaml").is_file()
    names = [criterion.id for criterion in walk(edition(key).criteria)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data.pop("status"), "status"),
        (lambda data: data.update(colour="red"), "colour"),
        (lambda data: data["criteria"][5].pop("article"), "article"),
        (lambda data: data["criteria"][5].update(op="=>"), "criteria/5/op"),
        (lambda data: data["criteria"][5].update(value="a hundred"), "criteria/5/value"),
        (lambda data: data["criteria"][5].update(kind="guess"), "criteria/5/kind"),
        (lambda data: data.update(status="sure"), "status"),
        (lambda data: data["document"].update(published="September"), "document/published"),
        (lambda data: data["criteria"][5].update(metric="area_acres"), "area_acres"),
        (lambda data: data["criteria"][5].update(value={"setting": "largest"}), "largest"),
    ],
)
def test_a_faulty_rule_is_refused_with_the_place(change: Callable[[dict[str, Any]], object], said: str) -> None:
    text = _refused(change)
    assert "my.yaml" in text
    assert said in text


def test_bands_whose_points_go_up_and_down_are_refused() -> None:
    score = {"metric": "firms", "bands": [[">=", 10, 5], [">=", 5, 8], [">=", 1, 2]]}

    def put(data: dict[str, Any]) -> None:
        one = data["criteria"][5]
        for name in ("metric", "op", "hard"):
            one.pop(name, None)
        one.update(kind="score", score=score, value=5)

    assert "up and down" in _refused(put)


def test_an_edition_is_chosen_by_the_day_and_the_application() -> None:
    now = edition("cn-sme-cluster.2022")
    old = replace(now, edition="2020", effective={"new": (dt.date(2020, 1, 1), dt.date(2022, 9, 12))})
    new = replace(now, effective={"new": (dt.date(2022, 9, 13), None), "renewal": (dt.date(2023, 1, 1), None)})
    both = [old, new]
    assert edition("cn-sme-cluster", "2022-09-12", among=both).edition == "2020"
    assert edition("cn-sme-cluster", "2022-09-13", among=both).edition == "2022"
    assert edition("cn-sme-cluster", "2023-01-01", "renewal", among=both).edition == "2022"
    with pytest.raises(InputError, match="no edition"):
        edition("cn-sme-cluster", "2019-12-31", among=both)
    with pytest.raises(InputError, match="renewal"):
        edition("cn-sme-cluster", "2021-01-01", "renewal", among=both)


def test_of_two_editions_in_force_the_later_one_holds() -> None:
    now = edition("cn-sme-cluster.2022")
    newer = replace(now, edition="2024", effective={"new": (dt.date(2024, 1, 1), None)})
    assert edition("cn-sme-cluster", "2025-01-01", among=[newer, now]).edition == "2024"


def test_an_edition_by_its_full_name_is_given_whatever_the_day() -> None:
    assert edition("cn-sme-cluster.2022", "1999-01-01").edition == "2022"


def test_a_rule_that_there_is_not_names_those_there_are() -> None:
    with pytest.raises(NotFound, match="cn-sme-cluster"):
        edition("cn-sme-clusters")


def test_the_users_own_file_is_read_like_a_shipped_one(tmp_path: Path) -> None:
    data = _data() | {"id": "my-rule"}
    file = tmp_path / "my.yaml"
    file.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    own = read_edition(file)
    assert own.key == "my-rule.2022"
    assert own.criteria == edition("cn-sme-cluster.2022").criteria


@pytest.mark.parametrize("text", ["criteria: [", "just words", "", "[1, 2]"])
def test_a_file_that_is_no_rule_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "my.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"my\.yaml"):
        read_edition(file)
    with pytest.raises(InputError):
        read_edition(tmp_path / "none.yaml")


@pytest.mark.parametrize("key", sorted(one.key for one in editions()))
def test_a_snapshot_makes_the_same_edition(key: str) -> None:
    one = edition(key)
    again = edition_of(json.loads(json.dumps(one.data, ensure_ascii=False)))
    # A class without a number has nan, which equals nothing.
    assert again.sha256 == one.sha256
    assert repr((again.criteria, again.settings)) == repr((one.criteria, one.settings))


def test_dates_are_iso_dates() -> None:
    assert as_date("2025-06-01") == dt.date(2025, 6, 1)
    assert as_date(dt.datetime(2025, 6, 1, 12)) == dt.date(2025, 6, 1)
    with pytest.raises(InputError, match="2026-04-01"):
        as_date("1 June 2025")


@pytest.mark.parametrize("text", ["[" * 100_000, "id: " + "9" * 5_000, "last_checked: 2025-02-30", "{1: a, b: c}"])
def test_a_file_that_would_break_the_reader_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "my.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"my\.yaml"):
        read_edition(file)
