"""Every text of the portal has its Chinese, and what is wrong with a text is said."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts/messages.py"


@pytest.fixture(scope="session")
def messages() -> ModuleType:
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("messages", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def portal(tmp_path: Path) -> Path:
    """A portal of one app, whose text is in its own catalog."""
    app, shared = tmp_path / "one", tmp_path / "locale/zh_Hans/LC_MESSAGES"
    for folder in (app / "templates", app / "locale/zh_Hans/LC_MESSAGES", shared):
        folder.mkdir(parents=True)
    (app / "views.py").write_text('from x import gettext as _\n_("Hello %(name)s")\n')
    _write(app, ("Hello %(name)s", "你好 %(name)s"))
    _write(tmp_path, ("Shared", "共用"))
    return tmp_path


def _write(folder: Path, *texts: tuple[str, str], before: str = "") -> None:
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    lines = "".join(f'\n{before}msgid "{text}"\nmsgstr "{chinese}"\n' for text, chinese in texts)
    (folder / "locale/zh_Hans/LC_MESSAGES/django.po").write_text(head + lines, encoding="utf-8")


def test_every_text_of_the_portal_has_its_chinese() -> None:
    done = subprocess.run([sys.executable, SCRIPT, "--check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "every text has its Chinese\n"), done.stdout + done.stderr


def test_a_text_of_the_app_or_of_the_portal_is_found(messages, portal) -> None:
    (portal / "one/templates/page.html").write_text('{% load i18n %}{% trans "Shared" %}')
    assert messages.faults(portal) == []


@pytest.mark.parametrize(
    "template",
    [
        '{% trans "Only here" %}',
        '{% translate "Only here" %}',
        "{% blocktrans %}Only here{% endblocktrans %}",
        '<a title="{{ _("Only here") }}">',
        "{% blocktrans count n=2 %}Only here{% plural %}Many{% endblocktrans %}",
    ],
)
def test_a_text_of_a_template_without_chinese_is_named_with_its_place(messages, portal, template) -> None:
    (portal / "one/templates/page.html").write_text("{% load i18n %}\n" + template)
    assert messages.faults(portal) == ["one/templates/page.html:2: no Chinese for 'Only here'"]


@pytest.mark.parametrize("call", ["gettext", "_", "gettext_lazy", "gettext_noop"])
def test_a_text_of_the_code_without_chinese_is_named(messages, portal, call) -> None:
    (portal / "one/forms.py").write_text(f'{call}("Only here")\n')
    assert messages.faults(portal) == ["one/forms.py:1: no Chinese for 'Only here'"]


def test_an_empty_or_uncertain_chinese_is_none(messages, portal) -> None:
    _write(portal / "one", ("Hello %(name)s", ""))
    assert len(messages.faults(portal)) == 1
    _write(portal / "one", ("Hello %(name)s", "你好 %(name)s"), before="#, fuzzy\n")
    assert len(messages.faults(portal)) == 1


def test_a_chinese_that_loses_a_value_is_named(messages, portal) -> None:
    _write(portal / "one", ("Hello %(name)s", "你好"))
    assert messages.faults(portal) == ["one/locale/zh_Hans/LC_MESSAGES/django.po:5: other values in '你好'"]


def test_texts_are_compiled_once_and_again_when_they_change(messages, portal) -> None:
    assert len(messages.compile_all(portal)) == 2
    assert messages.compile_all(portal) == []
    _write(portal, ("Shared", "大家的"))
    assert [file.parents[3] for file in messages.compile_all(portal)] == [portal]


def test_a_text_that_two_apps_translate_differently_is_found_unless_it_has_a_context(messages, portal) -> None:
    other = portal / "two"
    (other / "locale/zh_Hans/LC_MESSAGES").mkdir(parents=True)
    _write(other, ("Shared", "分享"))
    (fault,) = messages.faults(portal)
    assert "'Shared'" in fault
    assert "'分享'" in fault
    assert "'共用'" in fault
    _write(other, ("Shared", "分享"), before='msgctxt "with others"\n')
    assert messages.faults(portal) == []
