"""Phrases that the course's English does without, and what to write instead."""

import re
from collections.abc import Iterator

INSTEAD = {
    r"\bby lot\b|\bthe lots?\b(?! of)": "at random, the random assignment",
    r"\b[Ww]ho(?:so|mso)?ever\b|\bwhomever\b": "anyone who",
    r"\b[Aa]sked (?:is|are)\b|\bis asked for\b": "the question asks for",
    r"\d[ \u00a0\u202f]%": "43%, without a space",
    r"\bfore(?:see|tell|told|telling)\b": "predict",
    r"\b[Oo]ut of a hat\b": "arbitrary",
    r"\bcr(?:y|ies|ied) wolf\b": "raise a false alarm",
    r"\b[Ll]et the data say\b": "estimate it from the data",
    r"\b[Dd]ials?\b": "hyperparameter",
}
IN_CHINESE = {  # one dialect, that of the report
    "商店": "店铺",
    "顾客": "客户",
    "订单行": "订单明细",
    "[张个]订单(?!明细|文件|编?号|问题)": "笔订单",
    "平均订单金额": "客单价",
    "净收入": "净销售额",
    "总收入": "总销售额",
    "(?<!也称客户)终身价值": "生命周期价值",
    "几率比": "优势比",
    "速率限制": "限流",
    "可续跑": "断点续跑",
    "(?<!通过)随时间反向传播": "通过时间反向传播",
    "弃答": "拒答",
    "黏性": "粘性",
    "外人": "攻击者",
    "延伸部分": "拓展",
    r"[\u4e00-\u9fff] ?\((?=[A-Z][a-z]{2,} |[\u4e00-\u9fff])": "（ ）",
    r"[\u4e00-\u9fff][,;:?!](?!\w)": "，；：？！",
}


def unwanted(text: str, instead: dict[str, str] = INSTEAD) -> Iterator[str]:
    """Yield what is found and what to write instead.

    Examples
    --------
    >>> list(unwanted("The coupons were drawn by lot, for 43 % of them."))
    ['"by lot": write at random, the random assignment', '"3 %": write 43%, without a space']
    """
    for pattern, better in instead.items():
        for match in re.finditer(pattern, text):
            yield f'"{match[0]}": write {better}'
