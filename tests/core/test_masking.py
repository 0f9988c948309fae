"""What stays visible of a name, a number and an address."""

from __future__ import annotations

import pytest

from anmi.core.masking import mask_address, mask_card, mask_digits, mask_id_number, mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("", ""),
        ("张", "*"),
        ("张三", "张*"),
        ("张小三", "张*三"),
        ("欧阳晓", "欧阳*"),
        ("欧阳", "欧*"),
        ("欧阳小晓", "欧阳*晓"),
    ],
)
def test_a_name_keeps_its_surname(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [("13800138000", "138****8000"), ("010-62345678", "010-****5678"), ("01062345678", "010****5678"), ("110", "***")],
)
def test_a_number_keeps_its_ends(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


def test_id_numbers_and_cards_keep_their_ends() -> None:
    assert mask_id_number("330106199005170019") == "330***********0019"
    assert mask_id_number("1234") == "****"
    assert mask_card("6222020000001234") == "**** 1234"


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("浙江省杭州市西湖区文三路 90 号 3 幢 502", "浙江省杭州市西湖区***"),
        ("四川省凉山彝族自治州木里藏族自治县乔瓦镇 1 号", "四川省凉山彝族自治州木里藏族自治县***"),
        ("河北省正定县正定镇燕赵大街", "河北省正定县***"),
        ("广东省东莞市南城街道鸿福路", "广东省东莞市***"),
        ("上海市浦东新区世纪大道 100 号", "上海市浦东新区***"),
        ("幸福村二组", "幸福村***"),
        ("", "***"),
    ],
)
def test_an_address_ends_at_the_district(address: str, masked: str) -> None:
    assert mask_address(address) == masked


def test_long_numbers_in_free_text_lose_their_middle() -> None:
    assert mask_digits("回电 13800138000，欠 3200 元") == "回电 138******00，欠 3200 元"
