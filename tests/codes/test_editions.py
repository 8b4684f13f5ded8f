from __future__ import annotations

from gaoyuan.codes import editions


def test_every_vocabulary_names_its_edition_and_the_boundaries_say_what_they_are_not():
    known = editions()
    assert set(known) == {
        "divisions",
        "industries",
        "credit_codes",
        "sme_size",
        "enterprise_titles",
        "county_boundaries",
        "townships",
    }
    assert "not the official standard map" in known["county_boundaries"]
    assert "2017" in known["industries"]
