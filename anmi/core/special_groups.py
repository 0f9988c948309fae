"""Special groups (特殊人群): people who are treated with particular care. The rule pack says what each means."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from anmi.core.permissions import Words


class SpecialGroup(StrEnum):
    """A group a debtor may belong to; the rule SPECIAL_GROUP knows each of them."""

    DECEASED = "deceased"
    NO_CAPACITY = "no_capacity"
    IDENTITY_UNDER_REVIEW = "identity_under_review"
    SUICIDAL = "suicidal"
    BANKRUPTCY = "bankruptcy"
    MINOR = "minor"
    SEVERE_ILLNESS = "severe_illness"
    DISASTER = "disaster"
    EPIDEMIC = "epidemic"
    DISPUTES_DEBT = "disputes_debt"
    CRIME_VICTIM = "crime_victim"
    MATERNITY = "maternity"
    ELDERLY = "elderly"
    EMOTIONAL = "emotional"
    DISABLED = "disabled"
    STUDENT = "student"
    SOLDIER = "soldier"
    REPRESENTED_BY_LAWYER = "represented_by_lawyer"
    IMPRISONED = "imprisoned"
    IN_LITIGATION = "in_litigation"


SPECIAL_GROUP_WORDS: Final[dict[SpecialGroup, Words]] = {
    SpecialGroup.DECEASED: Words("死亡", "Deceased"),
    SpecialGroup.NO_CAPACITY: Words("无/限制民事行为能力", "Without full legal capacity"),
    SpecialGroup.IDENTITY_UNDER_REVIEW: Words("冒名核实中", "Identity under review"),
    SpecialGroup.SUICIDAL: Words("自杀倾向", "At risk of suicide"),
    SpecialGroup.BANKRUPTCY: Words("个人破产", "In personal bankruptcy"),
    SpecialGroup.MINOR: Words("未成年人", "Minor"),
    SpecialGroup.SEVERE_ILLNESS: Words("重大疾病", "Severely ill"),
    SpecialGroup.DISASTER: Words("受灾", "Struck by disaster"),
    SpecialGroup.EPIDEMIC: Words("疫情", "Struck by an epidemic"),
    SpecialGroup.DISPUTES_DEBT: Words("案件异议", "Disputes the debt"),
    SpecialGroup.CRIME_VICTIM: Words("刑事受害", "Victim of a crime"),
    SpecialGroup.MATERNITY: Words("孕产", "Pregnant or in childbed"),
    SpecialGroup.ELDERLY: Words("老年人", "Elderly"),
    SpecialGroup.EMOTIONAL: Words("情绪激动", "In distress"),
    SpecialGroup.DISABLED: Words("残疾", "Disabled"),
    SpecialGroup.STUDENT: Words("学生", "Student"),
    SpecialGroup.SOLDIER: Words("军人", "Soldier"),
    SpecialGroup.REPRESENTED_BY_LAWYER: Words("法律援助或代理律师", "Represented by a lawyer"),
    SpecialGroup.IMPRISONED: Words("在押", "Imprisoned"),
    SpecialGroup.IN_LITIGATION: Words("已起诉仲裁", "In litigation"),
}
