"""What went wrong, as people read it: in the language of the page, or, where nobody looks yet, in both."""

from __future__ import annotations

from django.utils.translation import get_language

from gaoyuan.errors import GaoyuanError, InputError, ResultsOutdated, StepMissing


def told(fault: GaoyuanError, *, mend: bool = True) -> str:
    """Give an error in the language of the page: what is wrong and, unless `mend` is false, how to mend it.

    >>> from django.utils.translation import override
    >>> with override("zh-hans"):
    ...     told(InputError("no file", mend="Choose one.", zh="没有文件", mend_zh="选择一个"))
    '没有文件。选择一个。'
    """
    chinese = (get_language() or "zh").startswith("zh")
    what, how = (fault.zh or fault.what, fault.mend_zh) if chinese else (fault.what, fault.mend or "")
    parts = [part for part in (what, how if mend else "") if part]
    if chinese:
        return "".join(part if part[-1] in "。？！" else f"{part}。" for part in parts)
    return " ".join(
        part if part[-1] in ".?!" else f"{part}." for part in (each[0].upper() + each[1:] for each in parts)
    )


def for_pages(fault: GaoyuanError, name: str = "") -> GaoyuanError:
    """Give an error of the library as one that names no folder of the server and no command; `name` is the file as its
    owner calls it.
    """
    if isinstance(fault, StepMissing | ResultsOutdated):
        return InputError(
            "the results are not there, or older than the data",
            mend="Press “Observe and publish” on the data desk, then try again.",
            zh="结果尚未生成，或早于数据",
            mend_zh="先在数据台按“测度并发布”，然后再试",
        )
    plain = [text.replace("\x00", "\ufffd") for text in (fault.what, fault.mend or "", fault.zh, fault.mend_zh)]
    what, mend, zh, mend_zh = plain
    if any(sign in mend for sign in ("gaoyuan ", "--", "mapping")):
        mend = mend_zh = ""
    return InputError(what, where=name or None, mend=mend or None, zh=zh, mend_zh=mend_zh)
