"""A creditor's sheet as it really comes: titles, merged headers, money as text, days in every dress, and mistakes.

Everybody in it is made up, drawn from a fixed seed. It knows the truth behind each of its cells, so what was refused
can be mended as the creditor's clerk would do it, and what it is all worth can be told to the fen.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from anmi.core.identity_number import check_character
from anmi.core.placement_sheet.case_facts import REASON_LABEL
from anmi.core.placement_sheet.reasons import Reason

SEED: Final = 20261123
NUMBER = "序号"
CASE_NO = "案件编号"
AMOUNT = "委案金额（元）"
HEADER: Final = (
    *(NUMBER, CASE_NO, "委托日期", "客户姓名", "身份证号码", "本人手机号", "联系方式来源"),
    *(AMOUNT, "剩余本金", "逾期利息", "逾期罚息", "手续费", "逾期日期", "卡号", "合同号"),
    *("联系人1姓名", "联系人1关系", "联系人1手机", "家庭地址", "客户经理编码", "QQ号", "备注"),
)
GROUPS: Final = (("案件", 7), ("欠款", 5), ("账户", 3), ("联系人", 3), ("其他", 4))

SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余于杜叶程魏"
GIVEN: Final = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红鹏辉宁波建国志文海山川林晨曦雨桐"
AREAS: Final = ("310101", "320506", "330106", "510104", "500103", "420106", "410105", "340104")
SOURCES: Final = ("合同约定", "债务人预留信息", "合同约定", "债务人授权")
FULL_WIDTH: Final = str.maketrans("0123456789.,", "０１２３４５６７８９．，")


@dataclass(frozen=True, slots=True)
class Truth:
    """One case as it is, whatever the sheet makes of it."""

    number: int
    case_no: str
    placed_on: date
    name: str
    id_number: str
    phone: str
    source: str
    principal_fen: int
    interest_fen: int
    penalty_fen: int
    fee_fen: int
    overdue_on: date

    @property
    def placed_fen(self) -> int:
        """What was placed: the sum of its parts."""
        return self.principal_fen + self.interest_fen + self.penalty_fen + self.fee_fen

    def cells(self) -> dict[str, Any]:
        """Return the cells of a tidy row."""
        return {
            NUMBER: self.number,
            CASE_NO: self.case_no,
            "委托日期": self.placed_on.isoformat(),
            "客户姓名": self.name,
            "身份证号码": self.id_number,
            "本人手机号": self.phone,
            "联系方式来源": self.source,
            AMOUNT: yuan(self.placed_fen),
            "剩余本金": yuan(self.principal_fen),
            "逾期利息": yuan(self.interest_fen),
            "逾期罚息": yuan(self.penalty_fen),
            "手续费": yuan(self.fee_fen),
            "逾期日期": self.overdue_on.isoformat(),
            "卡号": f"6222{self.number:012d}",
            "合同号": f"HT-{self.case_no}",
            "联系人1姓名": f"{SURNAMES[self.number % len(SURNAMES)]}{GIVEN[self.number % len(GIVEN)]}",
            "联系人1关系": ("父亲", "朋友", "同事")[self.number % 3],
            "联系人1手机": f"139{self.number:08d}",
            "家庭地址": f"演示路{self.number}号",
            "客户经理编码": f"KM{self.number % 40:03d}",
            "QQ号": f"10{self.number:06d}",
            "备注": "" if self.number % 9 else "请先电话联系",
        }


@dataclass(frozen=True, slots=True)
class Mistake:
    """A fault that clerks make, and what the check is to say of it."""

    reason: Reason
    column: str
    spoil: Callable[[Truth], Any]


MISTAKES: Final = (
    Mistake(Reason.BAD_ID_CHECKSUM, "身份证号码", lambda one: f"{one.id_number[:17]}{_other(one.id_number[17])}"),
    Mistake(Reason.ID_PRECISION_LOST, "身份证号码", lambda one: float(one.id_number[:15] + "000")),
    Mistake(Reason.BAD_ID_FORMAT, "身份证号码", lambda one: one.id_number[:15] + "**"),
    Mistake(Reason.BAD_PHONE, "本人手机号", lambda one: one.phone[:9]),
    Mistake(Reason.BAD_AMOUNT, AMOUNT, lambda one: f"约{one.placed_fen // 100}"),
    Mistake(Reason.AMOUNT_NOT_POSITIVE, AMOUNT, lambda _: "0.00"),
    Mistake(Reason.BAD_DATE, "委托日期", lambda _: "2026-13-45"),
    Mistake(Reason.BAD_NAME, "客户姓名", lambda _: "某某"),
    Mistake(Reason.MISSING_REQUIRED, "客户姓名", lambda _: None),
    Mistake(Reason.MISSING_CONTACT_SOURCE, "联系方式来源", lambda _: ""),
    Mistake(Reason.BAD_CONTACT_SOURCE, "联系方式来源", lambda _: "网上购买"),
    Mistake(Reason.FORMULA_NO_VALUE, AMOUNT, lambda one: f"=I{one.number}+J{one.number}"),
)


@dataclass(frozen=True)
class MessySheet:
    """`rows` data rows of which `mistaken` are wrong and `doubled` come twice."""

    today: date
    rows: int = 2000
    mistaken: int = 120
    doubled: int = 30
    siblings: int = 40
    """Cases of a debtor who has another one in the sheet."""
    truths: Sequence[Truth] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "truths", tuple(_Clerk(self).cases()))

    @cached_property
    def mistakes(self) -> Mapping[int, Mistake]:
        """What is wrong, by the running number of the case."""
        dice = random.Random(SEED + 1)
        wrong = sorted(dice.sample(range(1, len(self.truths) + 1), self.mistaken))
        return {number: MISTAKES[place % len(MISTAKES)] for place, number in enumerate(wrong)}

    @property
    def accepted(self) -> list[Truth]:
        """The cases that can be taken as the sheet is."""
        return [one for one in self.truths if one.number not in self.mistakes]

    @property
    def mended(self) -> list[Truth]:
        """The cases that can be taken once their rows are right."""
        return [self.truths[number - 1] for number in self.mistakes]

    @property
    def linked_pairs(self) -> int:
        """How many pairs of the accepted cases have the same debtor."""
        counted = Counter(one.id_number for one in self.accepted)
        return sum(count * (count - 1) // 2 for count in counted.values())

    @property
    def reasons(self) -> Counter[Reason]:
        """How often each reason refuses a row."""
        return Counter(mistake.reason for mistake in self.mistakes.values()) + Counter(
            {Reason.DUPLICATE_ROW: self.doubled}
        )

    def write(self, path: Path) -> Path:
        """Write the workbook as the creditor sends it."""
        book = openpyxl.Workbook()
        sheet = book.active
        assert isinstance(sheet, Worksheet)
        sheet.title = "委案明细"
        sheet.append(["海岳银行信用卡中心委托催收清单（演示数据，均为虚构）"])
        sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(HEADER))
        sheet.append([f"制表日期：{self.today:%Y年%m月%d日}", None, None, "单位：元"])
        sheet.append([cell for name, width in GROUPS for cell in (name, *[None] * (width - 1))])
        start = 1
        for _, width in GROUPS:
            sheet.merge_cells(start_row=3, end_row=3, start_column=start, end_column=start + width - 1)
            start += width
        sheet.append(list(HEADER))
        for cells in self._messy_rows():
            sheet.append([cells[name] for name in HEADER])
        total = sum(one.placed_fen for one in self.truths)
        sheet.append(["合计", None, None, None, None, None, None, yuan(total)])
        sheet.append(["注：以上金额均为演示数据"])
        book.save(path)
        return path

    def mend(self, refused: Path, path: Path) -> int:
        """Put right what the list of findings says, leave out what came twice, and return how many rows are left."""
        book = openpyxl.load_workbook(refused)
        sheet = book.active
        assert isinstance(sheet, Worksheet)
        tidy = openpyxl.Workbook()
        page = tidy.active
        assert isinstance(page, Worksheet)
        page.append([cell.value for cell in sheet[1]])
        assert sheet.cell(1, len(HEADER) + 1).value == REASON_LABEL
        for row in sheet.iter_rows(min_row=2, values_only=True):
            cells: list[Any] = list(row)
            if "重复" in str(cells[len(HEADER)]):
                continue
            number = int(str(cells[HEADER.index(NUMBER)]))
            mistake = self.mistakes[number]
            cells[HEADER.index(mistake.column)] = self.truths[number - 1].cells()[mistake.column]
            page.append(cells)
        tidy.save(path)
        return page.max_row - 1

    def _messy_rows(self) -> list[dict[str, Any]]:
        dice = random.Random(SEED + 2)
        rows = [self._messy(one) for one in self.truths]
        again = dice.sample([one.number for one in self.accepted], self.doubled)
        # A row that somebody pasted twice stands somewhere behind the first.
        return [*rows, *(rows[number - 1] for number in again)]

    def _messy(self, one: Truth) -> dict[str, Any]:
        cells = one.cells()
        cells[AMOUNT] = _AMOUNTS[one.number % len(_AMOUNTS)](one.placed_fen)
        cells["剩余本金"] = _AMOUNTS[(one.number + 2) % len(_AMOUNTS)](one.principal_fen)
        cells["委托日期"] = _DAYS[one.number % len(_DAYS)](one.placed_on)
        cells["逾期日期"] = _DAYS[(one.number + 3) % len(_DAYS)](one.overdue_on)
        cells["本人手机号"] = _PHONES[one.number % len(_PHONES)](one.phone)
        cells["客户姓名"] = f"{one.name[0]} {one.name[1:]}" if one.number % 11 == 0 else one.name
        if mistake := self.mistakes.get(one.number):
            cells[mistake.column] = mistake.spoil(one)
        return cells


class _Clerk:
    """Draws the cases of a sheet."""

    def __init__(self, sheet: MessySheet) -> None:
        self.sheet = sheet
        self.dice = random.Random(SEED)

    def cases(self) -> list[Truth]:
        count = self.sheet.rows - self.sheet.doubled
        first = count - self.sheet.siblings
        cases: list[Truth] = []
        for number in range(1, count + 1):
            # The last ones are further cases of debtors who stand in the sheet already.
            known = cases[number * 7 % first] if number > first else None
            cases.append(self._case(number, known))
        return cases

    def _case(self, number: int, known: Truth | None) -> Truth:
        dice = self.dice
        principal = dice.randint(150_000, 4_800_000)
        return Truth(
            number=number,
            case_no=f"HYK2026{number:06d}",
            placed_on=self.sheet.today - timedelta(days=dice.randint(1, 3)),
            name=known.name if known else dice.choice(SURNAMES) + "".join(dice.sample(GIVEN, dice.choice((1, 2, 2)))),
            id_number=known.id_number if known else self._id_number(number),
            phone=known.phone if known else f"138{60_000_000 + number:08d}",
            source=dice.choice(SOURCES),
            principal_fen=principal,
            interest_fen=principal * dice.randint(20, 90) // 1000,
            penalty_fen=principal * dice.randint(10, 40) // 1000,
            fee_fen=dice.choice((0, 5_000, 10_000)),
            overdue_on=self.sheet.today - timedelta(days=dice.randint(35, 170)),
        )

    def _id_number(self, number: int) -> str:
        born = date(1968, 1, 1) + timedelta(days=number * 5 % 11_000)
        body = f"{self.dice.choice(AREAS)}{born:%Y%m%d}{number % 997:03d}"
        return body + check_character(body)


def a_recall_list(path: Path, *case_numbers: str) -> Path:
    """Write the list by which a creditor takes cases back."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.append(["个案序列号", "撤案原因"])
    for case_no in case_numbers:
        sheet.append([case_no, "委托方收回"])
    book.save(path)
    return path


def yuan(fen: int) -> str:
    """Write an amount plainly."""
    return f"{fen // 100}.{fen % 100:02d}"


def _other(character: str) -> str:
    return "0" if character != "0" else "1"


def _grouped(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}"


_AMOUNTS: Final[Sequence[Callable[[int], Any]]] = (
    yuan,
    lambda fen: fen / 100,
    lambda fen: f"￥{_grouped(fen)}",
    lambda fen: yuan(fen).translate(FULL_WIDTH),
    lambda fen: f"{_grouped(fen)}元",
    lambda fen: f"人民币{_grouped(fen).translate(FULL_WIDTH)}",
)
_DAYS: Final[Sequence[Callable[[date], Any]]] = (
    lambda day: day,
    lambda day: f"{day:%Y%m%d}",
    lambda day: f"{day:%Y/%m/%d}",
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day:%Y.%m.%d} 00:00:00",
    lambda day: (day - date(1899, 12, 30)).days,
    lambda day: f"{day:%d-%b-%Y}",
)
_PHONES: Final[Sequence[Callable[[str], Any]]] = (
    str,
    lambda number: f"+86{number}",
    float,
    lambda number: f"86-{number[:3]}-{number[3:7]}-{number[7:]}",
    lambda number: f"{number[:3]} {number[3:7]} {number[7:]}",
    lambda number: number.translate(FULL_WIDTH),
)
