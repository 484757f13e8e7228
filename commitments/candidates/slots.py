"""Reads what kind of undertaking a passage is, and the figure that it aims at."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from commitments.choices import Nature

_PRINCIPLE = re.compile(
    r"\b(?:principle|uphold|not (?:to )?allow|never allow|no hostile|hostile force|respect (?:for "
    r")?(?:the |each other's )?(?:independence|sovereignty|territorial|one another)|refrain from|"
    r"non-interference|peaceful means|international law"
    r"|border(?:line)? of peace|friendship, cooperation and|traditional friendship|solidarity|mutual "
    r"trust|political trust"
    r"|nguyên tắc|không cho phép|không để (?:các )?thế lực|thế lực thù địch|tôn trọng (?:độc lập|chủ "
    r"quyền|lẫn nhau)|tin cậy (?:chính trị|lẫn nhau)|luật pháp quốc tế|biện pháp hòa bình|đường biên "
    r"giới hòa bình|biên giới hòa bình|tình đoàn kết)\b"
)
_INSTRUMENT = r"(?:agreements?|treat(?:y|ies)|memorand(?:um|a)|mous?|protocols?|conventions?|accords?|instruments?|arrangements?|conclusions|declarations?|plans?(?: of action)?|action plans?|roadmaps?|road maps?|programmes?|programs?|strateg(?:y|ies)|regulations|commitments|frameworks?|fta|cepa|schemes?)"
_CONCLUDE = re.compile(
    rf"\b(?:sign|signing|conclude|concluding|conclusion of|finali[sz]e|finali[sz]ing|finali[sz]ation of|"
    rf"negotiate|negotiating|negotiations? (?:on|of|for)|ratify|draft|drafting|draw up|adopt|update|"
    rf"amend|renew|early signing|enter into|work towards|prepare|complete "
    rf"negotiations)\b[^;]*?\b{_INSTRUMENT}\b"
    r"|\b(?:ký kết|ký|đàm phán|hoàn tất đàm phán|soạn thảo|xây dựng|sửa đổi|gia hạn|hoàn tất|phê "
    r"chuẩn)\b[^;]*?(?:hiệp định|hiệp ước|thỏa thuận|thoả thuận|bản ghi nhớ|nghị định thư|văn kiện|kế "
    r"hoạch hành động|biên bản ghi nhớ|chương trình hành động|lộ trình|quy chế)"
)
_IMPLEMENT = re.compile(
    rf"\b(?:implement\w*|carry(?:ing)? out|carried out|put(?:ting)? into (?:effect|practice|force)|"
    rf"execut\w*|enforc\w*|fulfil\w*|honou?r|apply|comply with|abide by|realis\w+|"
    rf"adher\w+)\b[^;]*?\b{_INSTRUMENT}\b"
    r"|\b(?:triển khai|thực hiện|thực thi|tuân thủ)\b[^;]*?(?:hiệp định|hiệp ước|thỏa thuận|thoả thuận|"
    r"bản ghi nhớ|nghị định thư|văn kiện|kế hoạch|chương trình|cam kết|kết luận|tuyên bố)"
)
_EVENT = re.compile(
    r"\b(?:hold|holding|host|hosting|organi[sz]e|organi[sz]ing|convene|convening|arrange|stage|be held|"
    r"be convened|be hosted|meet (?:again|in|annually|every|once|twice)|celebrate|co-host|"
    r"co-organi[sz]e)\b[^;]*?"
    r"\b(?:session|meeting|conference|consultations?|dialogue|forum|visit|week|weeks|days|festival|fair|"
    r"exhibition|summit|seminar|workshop|round|exercise|anniversary|training course|competition|games|"
    r"year of|tournament|camp|symposium|expo)\b"
    r"|\b(?:the )?(?:next|\d+(?:st|nd|rd|th)|\w+(?:th|first|second|third)) (?:[\w-]+ ){0,6}?(?:session|"
    r"meeting|round|conference|dialogue|consultations)\b|\b(?:exchange|pay|make) (?:of )?(?:an? "
    r")?(?:official |state )?visits?\b"
    r"|\b(?:tổ chức|đăng cai|tiến hành|họp)\b[^;]*?(?:kỳ họp|khóa họp|khoá họp|cuộc họp|hội nghị|đối "
    r"thoại|tham vấn|diễn đàn|chuyến thăm|tuần|ngày văn hóa|lễ hội|hội chợ|triển lãm|hội thảo|vòng|diễn "
    r"tập|kỷ niệm|giao lưu|khóa tập huấn)"
)
_SUPPORT = re.compile(
    r"\b(?:provide|providing|grant|granting|give|giving|assist|assisting|support|supporting|help|helping|"
    r"offer|offering|donate|finance|financing|fund|funding|supply|dispatch|train|training|transfer|hand "
    r"over|create favou?rable|keep conditions|facilitate|scholarships?|grant aid|loan|oda|assistance|"
    r"contribute|send|deploy|build|share (?:its|her) experience|protect|waive|extend)\b"
    r"|(?:cung cấp|viện trợ|hỗ trợ|giúp|cấp|dành|tài trợ|tạo điều kiện|tạo thuận lợi|học bổng|đào tạo|"
    r"ủng hộ|bàn giao|bảo vệ|cử|tặng)"
)
_RISE = re.compile(
    r"\b(?:rais\w+|increas\w+|lift\w*|bring\w*|reach\w*|doubl\w+|tripl\w+|boost\w*|reduc\w+|cut\w*|"
    r"complet\w+|achiev\w+|attain\w*|expand\w*|target\w*|turnover|to)\b|(?:nâng|đưa|tăng|đạt|giảm|phấn "
    r"đấu|kim ngạch)"
)
_MONEY = re.compile(
    r"(?P<sign>us\$|usd|\$|eur|€|jpy|¥|aud|a\$|gbp|£)\s?(?P<value>\d[\d.,]*)\s*(?P<scale>million|billion|"
    r"trillion|triệu|tỷ|tỉ|bn|m\b)?"
    r"|(?P<value2>\d[\d.,]*)\s*(?P<scale2>million|billion|trillion|triệu|tỷ|tỉ)?\s*(?:u\.?s\.?\s+|"
    r"us\s+)?(?P<unit2>dollars?|usd|euros?|eur|yen|đô la(?: mỹ)?|pounds?|yuan|baht|won)\b"
)
_PERCENT = re.compile(r"(?P<value>\d[\d.,]*)\s*(?:%|per ?cent\b|phần trăm)")
_COUNT = re.compile(
    r"(?P<value>\d[\d.,]*)\s+(?:\w+\s+){0,3}?(?P<unit>scholarships?|students?|officials?|tonnes?|tons?|"
    r"mw|megawatts?|visitors?|tourists?|flights?|km|kilometres?|doses|places|trainees|experts|workers|"
    r"học bổng|lượt khách|cán bộ|tấn|suất học bổng|sinh viên|chuyến bay)\b"
)
_SCALES = {"million": 6, "m": 6, "triệu": 6, "billion": 9, "bn": 9, "tỷ": 9, "tỉ": 9, "trillion": 12}
_CURRENCIES = {
    "us$": "USD", "$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD", "đô la": "USD", "đô la mỹ": "USD", "€": "EUR", "euro": "EUR", "euros": "EUR", "eur": "EUR", "¥": "JPY",
    "yen": "JPY", "jpy": "JPY", "a$": "AUD", "aud": "AUD", "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP", "yuan": "CNY", "baht": "THB", "won": "KRW",
}  # fmt: skip
_BIGGEST_YEAR = 2100


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that is to be reached or given: ``value`` in ``unit``, such as 20 000 000 000 and "USD"."""

    wording: str
    value: Decimal
    unit: str


def figure_in(text: str, lower: str, language: str) -> Figure | None:
    """The first sum of money, share or number of things in ``text``; ``lower`` is the same in small letters."""
    for pattern in (_MONEY, _PERCENT, _COUNT):
        for match in pattern.finditer(lower):
            parts = match.groupdict()
            value = _value(parts.get("value") or parts.get("value2") or "", language)
            if value is None:
                continue
            scale = parts.get("scale") or parts.get("scale2") or ""
            unit = "%" if pattern is _PERCENT else _unit(parts)
            wording = text[match.start() : match.end()].strip()
            return Figure(wording, value * 10 ** _SCALES.get(scale.strip(), 0), unit)
    return None


def _unit(parts: dict[str, str | None]) -> str:
    name = (parts.get("sign") or parts.get("unit2") or parts.get("unit") or "").strip()
    return _CURRENCIES.get(name, name)


def _value(digits: str, language: str) -> Decimal | None:
    """ "10.4" and "10,400" in English, "10,4" and "10.400" in Vietnamese."""
    digits = digits.rstrip(".,")
    thousands, point = (".", ",") if language == "vi" else (",", ".")
    digits = digits.replace(thousands, "").replace(point, ".")
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None


def nature_of(lower: str, *, has_figure: bool, is_one_sided: bool) -> Nature:
    """The nature of an undertaking, from the most specific to cooperation. ``is_one_sided``: one side acts."""
    if _CONCLUDE.search(lower):
        return Nature.INSTRUMENT_TO_CONCLUDE
    if _IMPLEMENT.search(lower):
        return Nature.INSTRUMENT_TO_IMPLEMENT
    if has_figure and _RISE.search(lower) and not (is_one_sided and _SUPPORT.search(lower)):
        return Nature.TARGET
    if _EVENT.search(lower):
        return Nature.EVENT
    if _PRINCIPLE.search(lower):
        return Nature.PRINCIPLE
    if is_one_sided and _SUPPORT.search(lower):
        return Nature.SUPPORT
    return Nature.COOPERATION
