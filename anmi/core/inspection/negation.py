"""Tells a threat from its denial: what is negated, quoted, asked about or warned of has not been done."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from anmi.core.inspection.text import CLAUSE_END, SENTENCE_END


class Guard(StrEnum):
    """What may take the sting out of a sentence; a rule may switch a guard off."""

    NEGATION = "negation"
    QUOTATION = "quotation"
    QUESTION = "question"
    WARNING = "warning"


ALL_GUARDS: Final = frozenset(Guard)

# "Not paying", "not answering" and their like are conditions of a threat, no denial of it.
_CONDITION: Final = (
    r"还|接|回|处理|配合|解决|来|交|付|结|清|理|听|管|面对|重视|履行|吭|说话|出面|把|按|及时|肯|愿|主动|想|打算还|然"
    r"|光|仅|但|止|只|信|怕|敢|要脸|要命|要面子|客气|好意思|知|骗|瞒|吓|论|得不|了|就|到账|够|懂|像|行|好|要逼|要怪"
    r"|要以为|要后悔|要等|要忘|要再|要跟我|要给脸|开玩笑|在乎|珍惜|吃|见棺材|三不四|是人|是东西|是(?:个)?(?:什么)?好"
    r"|是(?:的话|也|吓|威胁|开玩笑|闹着玩|不|没|钱|想|要我|我(?:吓|威胁))|会(?:有)?好|会放过|会让你好|会客气|会(?:就)?这么算"
    r"|能(?:再)?(?:拖|等|这样|不|就这)|拿|当|准时|足额|打(?:过来|款)|转(?:过来|账)|给(?:钱|我|个|脸|面子)|服|守|讲|老实|帮|替"
)
_NEGATOR: Final = re.compile(
    rf"不(?!{_CONDITION})"
    r"|没(?!关系|事|错|完|门|那么|办法|得商量|商量|钱|还|处理|接|到|收到|给|素质|教养|文化|本事|良心|脸|皮|人性|人要|良|种)"
    r"|未(?!来|必|还|处理|接|结|按)|无(?!论|所谓|耻|赖|视|良|能|情|法联系)"
    r"|别(?!的|人|墅|以为|逼|怪|让我|给脸|想|耍|装|后悔|到时|等|忘|跟我|说|提|介意|废话|躲|拖)"
    r"|勿|禁止|严禁|杜绝|并非|避免|防止|拒绝|谨防|哪会|哪能|哪有|谁会|怎么会|怎么可能|取消|停止"
)
_DOUBLE: Final = re.compile(r"(?:不是|不可能|不会|不能|没有|哪有|没有人|没)(?:不|没)|(?:不得不|无不|不无)")
# "Not because of that" denies what follows, a "then" in between notwithstanding.
_NO_REASON: Final = re.compile(r"不(?:会|是|能|该)?因为?|不代表|不等于|不意味|不至于")
_ALTERNATIVE: Final = re.compile(r"(.)[不没]\1")
_RHETORIC: Final = re.compile(r"以为|难道|不敢|凭什么|怎么就|能不|敢不|就不能|为什么不|怎么不|不就")
# After "then" or "else" a new statement begins; what stood before it was the condition.
_TURN: Final = re.compile(r"就(?!算|是说|业|医|诊)|否则|不然|只能|只好|那我|那么我|而是|反而|但是|可是|，但|，可")

_DENIED_AFTER: Final = re.compile(
    r"^[^。！？；]{0,8}?(?:(?:这种|这样的|这类|那种|的)(?:事|事情|情况|行为|说法|话|做法|可能)?[^。！？；]{0,8}?"
    r"(?:不会|不做|不存在|不允许|不可能|没有|违规|违法|是禁止|绝不|从来不|不是真|不属实|假的|谣言|干不出)"
    r"|(?:都|也)?(?:是|属于|算)(?:不会的|不可能的|不存在的|不允许的|违规的|违法的|违法行为|违规行为|被禁止的|假的|谣言|骗人的|骗子|诈骗|骗局)|(?:都|也)?(?:不会的|不可能的|不存在的|不允许的))"
)
_WARNED_AFTER: Final = re.compile(
    r"(?:不要|别|勿|不能|千万别|不可)(?:轻易|随便)?(?:相信|理会|理他|信|上当|轻信|转|给|付|加|点|扫)"
    r"|(?:请|可以|马上|立即|立刻|直接|应该|赶紧|建议你?)(?:先)?(?:挂断|挂掉|拒绝|举报|报警|投诉|警惕|小心|向我们反映|核实)"
    r"|谨防|警惕|当心(?:上当|受骗|被骗)|都是(?:骗子|诈骗|骗人|假|违规|违法)|就是(?:骗子|诈骗|骗人的)|一律是(?:骗|诈骗)|属于(?:诈骗|违规|违法行为)"
)
# These ask in a moment whether the large expressions need to be asked at all.
_WARNS: Final = re.compile(r"相信|理|信|当|转|给|付|加|点|扫|挂|拒绝|报|投诉|警|小心|反映|核实|骗|假|违")
_REPORTS: Final = re.compile(
    r"人|谁|方|骗|法|别|他|中介|网|外|果|是|假|万|旦|倘|凡|任|冒|谎|称|你|客户|说|所谓|规|求|制|监|公司|事|员"
)
_ASKS: Final = re.compile(r"有没有|有人|谁|是否|哪|是不是|[收接遇]到|被")
_CLAUSE_ENDS: Final = re.compile(f"[{CLAUSE_END}]")
# A negation further away than this belongs to something else.
_LONGEST_REACH: Final = 14
_REPORTED_BEFORE: Final = re.compile(
    r"(?:有人|谁|对方|骗子|诈骗分子|不法分子|不法人员|别的公司|其他公司|其他机构|那个人|那人|同事|催收员|工作人员|别人|黑中介|中介|网上|外面)"
    r"(?:[^。！？；]{0,10}?)(?:说|冒充|自称|假冒|谎称|威胁|骂|让你|要求你|叫你|骗|打着|传|要你|跟你要|问你要|向你|联系你)"
    r"|(?:如果|要是|假如|万一|一旦|倘若)(?:以后)?(?:再|真的?|确实)?(?:有人|有谁|谁|任何人|对方|我们的?人|我们?同事|接到|收到|遇到|碰到)"
    r"|凡是|任何(?:要求|让你|以|人|声称)|冒充|假冒|谎称|自称"
    r"|你(?:刚才|刚刚|之前|上次|前面|方才|昨天|那天|前几天)[^。！？；]{0,4}(?:说|讲|提到|反映|问|担心|投诉|听到|接到|收到)"
    r"|你(?:的意思是|是说|是指|是问|是担心|是怕|是觉得|担心|害怕|反映|反馈|投诉说|听说|误会|误解|提到)"
    r"|你(?:说|问)(?:的)?(?:我们?|有人|他们|会不会|是不是|别人|对方|上次|之前|上一个|那个)"
    r"|(?:客户|债务人|欠款人|对方|他|他们)(?:刚才|之前|一直)?(?:说|问|反映|投诉)|听说(?!你)|网上(?:说|传)|所谓的?"
    r"|(?:规定|要求|制度|监管|法律|公司)[^。！？；]{0,6}(?:不允许|不得|禁止|不准|严禁|不能|不可以)"
)
_ASKED: Final = re.compile(
    r"有没有人|(?:有人|谁)[^。！？；]{0,14}(?:吗|？|过你)|是否|是谁|谁(?:跟|和|对|威胁|骂|让你|要你)|哪(?:位|个)(?:同事|催收|工作|人员)"
    r"|(?:你)?(?:有没有|是不是)(?:收到|接到|听到|遇到|被|有人|参加|签|看到)|你(?:收到|接到|遇到|被)(?:过)?[^。！？；]{0,10}(?:吗|没有)"
)


def is_taken_back(text: str, match: re.Match[str], guards: frozenset[Guard]) -> bool:
    """Tell whether the sentence around a match denies, reports, asks about or warns of what was matched."""
    if not guards:
        return False
    start, end = match.span()
    opened = max([text.rfind(sign, 0, start) for sign in SENTENCE_END]) + 1
    before, after = text[opened:start], text[end : end + 40]
    if Guard.NEGATION in guards and (_is_negated(before, match) or _DENIED_AFTER.match(after)):
        return True
    if Guard.WARNING in guards and _WARNS.search(after) and _WARNED_AFTER.search(_sentences(after, 2)):
        return True
    if Guard.QUOTATION in guards and _REPORTS.search(before) and _REPORTED_BEFORE.search(before[-30:]):
        return True
    if Guard.QUESTION not in guards:
        return False
    whole = before[-16:] + match[0] + _sentences(after, 1)
    return bool(_ASKS.search(whole) and _ASKED.search(whole))


def _is_negated(before: str, match: re.Match[str]) -> bool:
    # A negation reaches over the gaps of a pattern, never into its words: "不要脸" is no denial.
    gaps = [gap for gap in match.groups() if gap]
    if any(_denies(_last_clause(gap)) for gap in gaps):
        return True
    return not _CLAUSE_ENDS.search("".join(gaps)) and _denies(_last_clause(before), match[0])


def _denies(zone: str, following: str = "") -> bool:
    """Tell whether a negation stands in `zone`; what follows it only shows what "not" belongs to."""
    if not _NEGATOR.search(zone) or _RHETORIC.search(zone):
        return False
    if _NO_REASON.search(zone):
        return True
    if turns := list(_TURN.finditer(zone)):
        zone = zone[turns[-1].end() :]
    zone = _ALTERNATIVE.sub("", zone)
    negated = any(negator.start() < len(zone) for negator in _NEGATOR.finditer(zone + following[:4]))
    return negated and not _DOUBLE.search(zone)


def _last_clause(text: str) -> str:
    start = len(text)
    while start and text[start - 1] not in CLAUSE_END:
        start -= 1
    return text[start:][-_LONGEST_REACH:]


def _sentences(text: str, count: int) -> str:
    """Return the first sentences of a text."""
    for place, sign in enumerate(text):
        if sign in SENTENCE_END:
            count -= 1
            if not count:
                return text[: place + 1]
    return text
