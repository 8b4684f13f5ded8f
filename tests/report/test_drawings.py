"""Drawings that do no harm where they stand."""

from __future__ import annotations

import pytest

from gaoyuan.report.drawings import drawing_size, plain_drawing

NAMES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


@pytest.mark.parametrize(
    "harm",
    [
        "<script>alert(1)</script>",
        '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><b>x</b></body></foreignObject>',
        "<style>* { fill: red }</style>",
        '<image xlink:href="https://example.org/a.png"/>',
        '<a xlink:href="javascript:alert(1)"><rect/></a>',
        '<use xlink:href="https://example.org/a.svg#b"/>',
        '<rect onclick="alert(1)"/>',
        '<rect style="background: url(https://example.org)"/>',
        '<rect fill="url(https://example.org/#a)"/>',
        '<rect fill="url( &quot;https://example.org/#a&quot;)"/>',
        '<animate attributeName="href" to="javascript:alert(1)"/>',
        '<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>',
        "<!-- --><?php alert ?>",
    ],
)
def test_what_could_run_or_load_is_taken_out(harm: str):
    made = plain_drawing(f"<svg {NAMES}><g>{harm}</g></svg>")
    for word in ("alert", "example", "javascript", "red", "onclick", "style", "script", "foreign", "php"):
        assert word not in made.replace("http://www.w3.org", "")


def test_ids_get_their_prefix_wherever_they_are_named():
    drawn = (
        f'<svg {NAMES}><defs><path id="m" d="M0 0"/><clipPath id="c"/></defs>'
        '<g clip-path="url(#c)" style="fill: url(#m)"><use xlink:href="#m" href="#m"/></g></svg>'
    )
    made = plain_drawing(drawn, "a-")
    assert 'id="a-m"' in made
    assert 'clip-path="url(#a-c)"' in made
    assert 'fill="url(#a-m)"' in made
    assert made.count('"#a-m"') == 1
    assert plain_drawing(made) == made


def test_texts_stay_as_they_are():
    made = plain_drawing(f'<svg {NAMES}><text x="1">未知 &lt;b&gt; <tspan>$x$</tspan> 完</text></svg>')
    assert "未知 &lt;b&gt; <tspan>$x$</tspan> 完" in made


def test_the_size_is_in_points():
    assert drawing_size(f'<svg {NAMES} width="72pt" height="36pt"/>') == (72, 36)
    assert drawing_size(f'<svg {NAMES} width="96" height="48px"/>') == (72, 36)
    assert drawing_size(f'<svg {NAMES} width="100%" height="100%" viewBox="0 0 96 48"/>') == (72, 36)
    for wrong in ("", 'viewBox="0 0 1"', 'width="0" height="1"'):
        with pytest.raises(ValueError, match="drawing"):
            drawing_size(f"<svg {NAMES} {wrong}/>")
