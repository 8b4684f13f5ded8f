"""How well and how fast demands find offers.

    python -m benchmarks.matching names REGISTER.parquet [--provinces 13 36 64]
    python -m benchmarks.matching cacm FOLDER
    python -m benchmarks.matching speed [--offers 1000000]

`names` asks with the name of a firm, without its legal form, for its own scope of business among the scopes of all
firms of the same county and class, and of a thousand others of its province: search as Gaoyuan does it against plain
BM25 on words as the segmenter cuts them. REGISTER has the columns name, scope and reg_code (the county's); classes are
those that Gaoyuan derives. `cacm` is the test collection of that name: FOLDER holds its documents (cacm.tar.gz),
topics.cacm.txt and qrels.cacm.txt; the bar is the published BM25. `speed` asks made-up demands of made-up offers, in
core time.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import tarfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet
import rjieba
import snowballstemmer

from gaoyuan.exchange.matching import Bm25Index, Demand, Offer, index_offers, index_texts, match
from gaoyuan.registry import IndustryCoder


def _words(text: str) -> list[str]:
    return text.split()


LEGAL_FORM = re.compile(r"有限责任公司|股份有限公司|有限公司|分公司|公司|集团|厂|[（(].*?[）)]")
_OTHERS, _FIRST = 1_000, 20
_PUBLISHED_CACM = 0.3123
_STOP_WORDS = frozenset(
    _words(
        "a an and are as at be but by for if in into is it no not of on or such that the their then there these they"
        " this to was will with"
    )
)


def names(register: Path, province: str, queries: int = 1_000, seed: int = 1) -> dict[str, tuple[float, float]]:
    """Give the mean reciprocal rank and the recall among the first twenty, of plain BM25 and of ours."""
    table = pyarrow.parquet.read_table(register, columns=["name", "scope", "reg_code"])
    table = table.filter(pc.starts_with(table["reg_code"], province))
    table = table.filter(pc.greater(pc.utf8_length(table["scope"]), 6)).combine_chunks()
    texts = [table[name].cast(pa.string()).combine_chunks() for name in ("name", "scope")]
    classes = IndustryCoder().code(texts[0], texts[1]).column("industry").to_pylist()
    firms = table.to_pylist()
    alike: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, (row, code) in enumerate(zip(firms, classes, strict=True)):
        if code:
            alike[row["reg_code"], code].append(at)
    draw = random.Random(seed)
    asked = [at for group in alike.values() if len(group) > 1 for at in group]
    asked = draw.sample(asked, min(queries, len(asked)))
    cutter = rjieba.Jieba()

    def words(text: str) -> list[str]:
        return [word for word in cutter.cut(text) if word.strip()]

    plain = index_texts(words(row["scope"]) for row in firms)
    ours = index_offers([Offer(str(at), str(at), row["scope"]) for at, row in enumerate(firms)])
    shown = {at: LEGAL_FORM.sub("", firms[at]["name"]) for at in asked}
    rivals = {
        at: np.array([*alike[firms[at]["reg_code"], classes[at]], *draw.sample(range(len(firms)), _OTHERS)])
        for at in asked
    }
    return {
        "plain BM25": _ranked(plain, shown, rivals, lambda text: Counter(words(text))),
        "Gaoyuan": _ranked(ours.texts, shown, rivals, lambda text: ours.query_words(Demand("buyer", text))),
    }


def _ranked(
    index: Bm25Index,
    shown: Mapping[int, str],
    rivals: Mapping[int, np.ndarray],
    words: Callable[[str], Mapping[str, float]],
) -> tuple[float, float]:
    ranks = []
    for at, text in shown.items():
        scores = index.score(words(text))
        own, others = scores[at], scores[np.setdiff1d(rivals[at], [at])]
        # Ties share their ranks.
        ranks.append(1 + (others > own).sum() + (others == own).sum() / 2 if own > 0 else np.inf)
    return float(np.mean(1 / np.array(ranks))), float(np.mean(np.array(ranks) <= _FIRST))


def cacm_collection(folder: Path) -> tuple[dict[str, str], dict[str, str], dict[str, set[str]]]:
    """Give the documents of the CACM collection and its topics by their keys, and which documents a topic wants."""
    documents = dict(_cacm_documents(folder))
    topics = dict(re.findall(r"<DOCNO>\s*(\d+)\s*</DOCNO>(.*?)</DOC>", (folder / "topics.cacm.txt").read_text(), re.S))
    relevant: dict[str, set[str]] = defaultdict(set)
    for line in (folder / "qrels.cacm.txt").read_text().splitlines():
        topic, _, document, judged = line.split()
        if int(judged):
            relevant[topic].add(f"CACM-{int(document.split('-')[1]):04d}")
    return documents, topics, relevant


def cacm(folder: Path) -> float:
    """Give the mean average precision on the CACM collection, of the search's BM25 on stemmed English words."""
    documents, topics, relevant = cacm_collection(folder)
    stemmer = snowballstemmer.stemmer("porter")

    def words(text: str) -> list[str]:
        found = (word.removesuffix("'s") for word in re.findall(r"[a-z0-9]+(?:[.'][a-z0-9]+)*", text.lower()))
        return [stemmer.stemWord(word) for word in found if word not in _STOP_WORDS]

    keys = list(documents)
    index = index_texts(words(documents[key]) for key in keys)
    precisions = []
    for topic, wanted in relevant.items():
        places, _ = index.top({word: float(count) for word, count in Counter(words(topics[topic])).items()}, 1_000)
        precisions.append(average_precision([keys[at] for at in places], wanted))
    return float(np.mean(precisions))


def _cacm_documents(folder: Path) -> Iterator[tuple[str, str]]:
    with tarfile.open(folder / "cacm.tar.gz") as held:
        for member in held:
            file = held.extractfile(member)
            if file is not None and member.name.endswith(".html"):
                yield Path(member.name).stem, re.sub(r"<[^>]+>", " ", file.read().decode("latin-1"))


def average_precision(found: Sequence[str], wanted: set[str]) -> float:
    hits, summed = 0, 0.0
    for rank, document in enumerate(found, 1):
        if document in wanted:
            hits += 1
            summed += hits / rank
    return summed / len(wanted)


_PLACES = _words("无锡 苏州 宁波 温州 佛山 东莞 沧州 邢台 保定 洛阳 株洲 常州 台州 金华 潍坊 烟台")
_MATERIALS = _words("不锈钢 碳钢 铝合金 铜 铸铁 钛合金 尼龙 橡胶 304 316L Q345B 45号钢 7075-T6 陶瓷 塑料 玻璃钢")
_WAYS = _words("精密 锻造 铸造 冲压 数控加工 热处理 激光切割 焊接 注塑 电镀 喷涂 冷镦 拉伸 研磨")
_PARTS = _words(
    "法兰 轴承 螺栓 齿轮 阀门 弹簧 密封圈 轴套 衬套 联轴器 电机 变压器 转向架 减速机 泵体 叶轮 油缸 导轨 丝杠 接头"
    " 弯头 三通 钢管 钢板 铝板 线束 连接器 传感器 模具 夹具"
)
_USES = _words("汽车用 机车用 风电用 船用 农机用 化工用 食品级 医疗用 矿山用 高铁用")


def made_offers(count: int, seed: int = 3) -> Iterator[Offer]:
    """Make up offers."""
    draw = random.Random(seed)
    for at in range(count):
        yield Offer(
            str(at), f"firm {at % 200_000}", _thing(draw), unit="件",
            min_quantity=Decimal(draw.choice((1, 10, 100, 1_000))),
            capacity=Decimal(draw.choice((5_000, 10_000, 100_000))),
            price=Decimal(draw.randint(1, 100)), lead_days=draw.randint(3, 60),
            place=(draw.uniform(110, 122), draw.uniform(24, 40)),
            certificates=frozenset({"ISO 9001"}) if draw.random() < 0.4 else frozenset(),
            products=(draw.choice(_PARTS),), delivered=draw.randint(0, 9),
        )  # fmt: skip


def made_demands(count: int, seed: int = 4) -> Iterator[Demand]:
    """Make up demands."""
    draw = random.Random(seed)
    for at in range(count):
        words = draw.choice(_MATERIALS), draw.choice(_WAYS), draw.choice(_PARTS)
        yield Demand(
            "buyer", f"求购{''.join(words)} {_size(draw)} {draw.choice(_USES)}",
            quantity=Decimal(500), unit="件", max_price=Decimal(60), within_days=45,
            place=(115.0, 33.0), within_km=800.0,
            certificates=frozenset({"ISO 9001"}) if at % 2 else frozenset(),
            products=(draw.choice(_PARTS),) if at % 3 == 0 else (),
        )  # fmt: skip


def _size(draw: random.Random) -> str:
    low, high = draw.choice((15, 50, 80, 100, 150, 300)), draw.choice((400, 600, 800))
    return draw.choice((f"DN{low}-{high}", f"M{draw.choice((8, 10, 12, 16, 24))}", f"Φ{draw.randint(5, 300)}", ""))


def _thing(draw: random.Random) -> str:
    return "".join(draw.choice(words) for words in (_PLACES, _MATERIALS, _WAYS, _PARTS, _USES)) + _size(draw)


def speed(offers: int, queries: int = 200) -> str:
    """Say how long the index takes, and a demand, in core time."""
    made = list(made_offers(offers))
    begun = time.process_time()
    index = index_offers(made)
    built = time.process_time() - begun
    spent = []
    for demand in made_demands(queries + 1):
        begun = time.process_time()
        match(demand, index)
        spent.append(time.process_time() - begun)
    half, most = np.percentile(np.array(spent[1:]) * 1_000, [50, 95])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    took = f"a demand {half:.1f} ms, 95 % within {most:.1f} ms"
    return f"{offers:,} offers: index {built:.1f} core s, {memory:.1f} GB; {took}"


def main() -> None:
    """Run one of the benchmarks and print what came out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("names", "cacm", "speed"))
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--provinces", nargs="+", default=["13", "36", "64"], metavar="CODE")
    parser.add_argument("--offers", type=int, default=1_000_000)
    given = parser.parse_args()
    if given.what == "speed":
        print(speed(given.offers))
    elif given.folder is None:
        parser.error(f"{given.what} needs a folder")
    elif given.what == "cacm":
        print(f"CACM: mean average precision {cacm(given.folder):.4f}; published BM25 {_PUBLISHED_CACM}")
    else:
        for province in given.provinces:
            for search, (rank, recall) in names(given.folder, province).items():
                print(f"{province}  {search:<12} mean reciprocal rank {rank:.3f}, recall@20 {recall:.3f}")


if __name__ == "__main__":
    main()
