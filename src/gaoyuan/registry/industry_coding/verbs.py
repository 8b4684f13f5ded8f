"""The verbs of business scopes, and the words of firms' names that tell what kind of firm it is."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gaoyuan.registry.phrases import Trie, build_phrase_index

(
    MAKE,
    GROW,
    RAISE,
    MINE,
    SELL,
    WHOLESALE,
    RETAIL,
    REPAIR,
    INSTALL,
    RENT,
    MOVE,
    STORE,
    DESIGN,
    RESEARCH,
    SERVE,
    RECYCLE,
    INVEST,
    FILLER,
) = (1 << i for i in range(18))
PRODUCING_VERBS = MAKE | GROW | RAISE | MINE
SELLING_VERBS = SELL | WHOLESALE | RETAIL

_VERBS: dict[int, str] = {
    MAKE: (
        "生产 制造 加工 制作 组装 装配 深加工 精深加工 精加工 粗加工 初加工 研制 自产 委托加工 分装 来料加工 "
        "生产加工 加工制造 制造加工 生产制造"
    ),
    MAKE | SELL: "产销 制售 生产销售 加工销售 制造销售 生产经营 加工零售",
    GROW: "种植 栽培 培育 栽种 种植生产",
    RAISE: "养殖 饲养 繁殖 繁育 放养 喂养 捕捞",
    GROW | RAISE: "种养殖 种养 种植养殖",
    MINE: "开采 采选 采矿 采掘 露天开采 地下开采 选矿 洗选",
    SELL: (
        "销售 购销 经销 经营 供应 出售 代销 代购代销 代购 买卖 营销 出口 进口 进出口 采购 销 售 兼营 贸易 推广 "
        "代理销售 网上销售 展销 直销"
    ),
    WHOLESALE: "批发",
    RETAIL: "零售",
    WHOLESALE | RETAIL: "批零 批零兼营 批发兼零售 批发零售 批兼零 批发及零售 批发和零售 批发与零售 零售兼批发",
    REPAIR: "维修 修理 保养 维护 修配 检修 维修保养 维护保养",
    INSTALL: "安装 施工 调试 安装调试 承装 铺设 敷设 装修 装饰",
    RENT: "租赁 出租 租售",
    MOVE: "运输 货运 客运 配送 装卸 搬运",
    STORE: "仓储 储存 贮存 储藏 冷藏",
    DESIGN: "设计 策划 规划",
    RESEARCH: "研发 开发 研究 研究开发 技术开发 技术研发 科研 试验",
    SERVE: "服务 咨询 管理 代理 技术服务 技术咨询 技术转让 培训",
    INVEST: "投资 进行投资 投资开发 投资建设 投资经营",
    RECYCLE: "回收 收购 收集 回收利用",
    FILLER: (
        "从事 主营 承接 承办 承揽 提供 专营 经营范围 一般经营项目 许可经营项目 一般项目 许可项目 以上 各类 各种 其它 "
        "其他 相关 本公司 自营 以及 一般 普通 主要 有关 的 等 系列 系列产品 产品 一级 二级 三级 特级 壹级 贰级 叁级 "
        "甲级 乙级 丙级 专业承包 总承包 业务 项目 本社成员 成员 组织 组织成员 开展 社员 本社 引进 为成员 为本社成员"
    ),
}

FACTORY, TRADER, SHOP, PROJECT, OFFICE, TECHNOLOGY, COOPERATIVE, FARM, BRANCH, WORKSHOP = range(10)
FORMS = 10

ENDING = 1 << 20
"""The bit of a word that ends many firms' names and says nothing of their industry; it is taken off to read what stands
before it.
"""

_ENDINGS = (
    "有限 有限责任 股份 股份有限 集团 集团有限 控股 公司 总公司 责任 厂 总厂 分厂 店 商店 分店 专卖店 经营部 门市部 "
    "经销部 销售部 销售 经销 经营 商行 部 社 中心 站 场 点 实业 发展 科技 技术 开发 科技发展 科技开发 技术开发 贸易 "
    "商贸 工贸 经贸 物资 外贸 国际 国际贸易 进出口 制造 加工 生产 工业 企业 农民 专业 合作社 专业合作社 "
    "农民专业合作社 投资 建设 工程 服务 管理 供应 批发 零售 责任公司 有限合伙 普通合伙 合伙企业 工作室 分公司 分社 "
    "第一 第二 第三 第四 第五"
)

_FORMS: dict[int, str] = {
    FACTORY: (
        "厂 制造 加工 制品 制造厂 加工厂 生产 总厂 分厂 制造有限公司 机械 塑业 实业公司 车间 作坊 加工部 加工点 "
        "加工场 石料场 砖厂"
    ),
    TRADER: "商贸 贸易 经贸 物资 销售 工贸 外贸 进出口 供销 商业 供应链 国际贸易 批发 购销 营销 经销",
    SHOP: (
        "店 经营部 门市部 商行 超市 商店 商场 专卖店 专卖 经销部 零售 分店 连锁 营业部 销售部 供销社 供应站 购销站 "
        "收购站 门店 便利店 药房 服务部 百货 经销处 供应部 销售处 批发部 门市 商城"
    ),
    PROJECT: "工程 建设 建筑 装饰 安装 施工 路桥 市政 园林 绿化 劳务",
    OFFICE: (
        "服务 咨询 管理 投资 设计 中心 传媒 广告 文化 旅游 酒店 餐饮 物业 物流 运输 租赁 维修 修理 信息 研究所 "
        "研究院 所 院 站"
    ),
    TECHNOLOGY: "科技 技术 生物 环保 新能源 新材料 智能 电子 网络",
    COOPERATIVE: "合作社 专业合作社 联合社 农民专业合作社",
    FARM: "农场 家庭农场 养殖场 种植场 牧场 林场 渔场 养殖 种植 农业 农业开发 畜牧 渔业 林业 果业 苗圃 基地 茶业 生态",
    BRANCH: "分公司 分厂 分部 分店 分支机构 办事处",
    WORKSHOP: "经营场 加工部 作坊 小作坊 坊",
}


class Words(NamedTuple):
    """Words with the bits that they stand for, as compiled code takes them: phrase p of `trie` has `bits[p]`."""

    trie: Trie
    bits: npt.NDArray[np.int64]


@cache
def verbs() -> Words:
    """Give the verbs of scopes with their meanings as bits."""
    return _words({word: bits for bits, line in _VERBS.items() for word in line.split()})


@cache
def forms() -> Words:
    """Give the words that tell a firm's form, as bits 1 << form, and those that end names, as `ENDING`."""
    bits: dict[str, int] = {}
    for form, line in _FORMS.items():
        for word in line.split():
            bits[word] = bits.get(word, 0) | 1 << form
    for word in _ENDINGS.split():
        bits[word] = bits.get(word, 0) | ENDING
    return _words(bits)


def _words(bits: dict[str, int]) -> Words:
    ordered = sorted(bits)
    return Words(build_phrase_index(ordered).trie, np.array([bits[word] for word in ordered], dtype=np.int64))
