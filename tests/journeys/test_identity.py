"""Coming in, being let in only so far, and being shown out: the ways of a newcomer through the desk."""

from __future__ import annotations

import time

import pytest
from playwright.async_api import expect
from pyotp.totp import TOTP

from tests.journeys.product import Visitor

pytestmark = pytest.mark.journey


async def a_newcomer(administrator: Visitor, employee_no: str, phone: str) -> dict[str, str]:
    """Have the system administrator add somebody; return her account with the initial password."""
    await administrator.inside(administrator.product.account("system_administrator"))
    units = await administrator.call("GET", "/identity/org-units")
    team = next(unit for unit in units["items"] if unit["name"] == "上海一组")
    wanted = {"employee_no": employee_no, "name": "钱小满", "phone": phone, "unit_id": team["id"], "grants": []}
    added = await administrator.call("POST", "/identity/people", wanted)
    return {
        "id": added["person"]["id"],
        "tenant_code": "demo",
        "employee_no": employee_no,
        "phone": phone,
        "password": added["initial_password"],
    }


async def test_people_come_in_by_employee_number_or_by_phone(visitor: Visitor, another: Visitor) -> None:
    account = visitor.product.account("collector")
    await visitor.inside(account)
    await expect(visitor.there("agency-name")).to_contain_text("安信催收")
    await another.inside(account, by="phone")
    await expect(another.there("user-menu")).to_contain_text(account["name"])


async def test_a_newcomer_sets_a_password_of_her_own(visitor: Visitor, another: Visitor) -> None:
    account = await a_newcomer(another, "N0001", "19900005001")
    await visitor.log_in(account)
    await visitor.there("password-current").fill(account["password"])
    await visitor.there("password-new").fill("short")
    await expect(visitor.there("password-rules")).to_be_visible()
    await visitor.there("password-new").fill("Kapok-Tree-2026")
    await visitor.there("password-repeat").fill("Kapok-Tree-2026")
    await visitor.there("password-submit").click()
    await visitor.there("user-menu").wait_for()
    await visitor.there("user-menu").click()
    await visitor.there("log-out").click()
    await visitor.inside(account, password="Kapok-Tree-2026")


async def test_a_second_factor_is_enrolled_and_then_asked_for(visitor: Visitor, another: Visitor) -> None:
    account = another.product.account("inspector")
    await another.inside(account)
    await another.page.goto(f"{another.product.address}/identity/profile")
    await another.there("profile-enrol").click()
    await another.page.locator("details summary").click()
    secret = (await another.there("totp-secret").inner_text()).replace(" ", "").strip()
    code = TOTP(secret)
    await another.there("enrolment-code").fill(code.now())
    await expect(another.there("recovery-codes")).to_be_visible()
    await visitor.log_in(account)
    await visitor.there("totp-code").fill("000000")
    await expect(visitor.there("trouble")).to_be_visible()
    # A code works once: the one of the enrolment is spent, so wait for the next.
    await visitor.page.wait_for_timeout((30 - time.time() % 30) * 1000 + 500)
    await visitor.there("totp-code").fill(code.now())
    await visitor.there("user-menu").wait_for()


async def test_who_guesses_passwords_is_locked_out(visitor: Visitor, another: Visitor) -> None:
    account = await a_newcomer(another, "N0002", "19900005002")
    for _ in range(5):
        await visitor.log_in(account, password="Not-The-Password-1")
        await visitor.page.wait_for_load_state("networkidle")
    await visitor.log_in(account)
    await expect(visitor.there("locked-out")).to_be_visible()
    await another.call("POST", f"/identity/people/{account['id']}/unlock", {})
    await visitor.log_in(account)
    await expect(visitor.there("password-new")).to_be_visible()


async def test_a_supervisor_sees_her_own_branch_only(visitor: Visitor) -> None:
    await visitor.inside(visitor.product.account("supervisor", 0))
    await visitor.go("identity/people")
    table = visitor.there("people-table")
    await expect(table).to_contain_text("王雨桐")
    await expect(table).to_contain_text("赵欣怡")
    await expect(table).not_to_contain_text("孙志强")
    await expect(table).not_to_contain_text("高明远")


async def test_an_auditor_sees_the_log_and_nothing_else(visitor: Visitor) -> None:
    await visitor.inside(visitor.product.account("auditor"))
    marks = await visitor.page.locator("[data-test^=menu-]").evaluate_all("all => all.map(one => one.dataset.test)")
    own = {"menu-home", "menu-fold", "menu-identity/sessions", "menu-identity/profile"}
    assert set(marks) == own | {"menu-identity/audit"}
    await visitor.go("identity/audit")
    await expect(visitor.there("audit-table")).to_contain_text("登录")
    await visitor.page.goto(f"{visitor.product.address}/identity/people")
    await expect(visitor.there("people-table")).to_have_count(0)


async def test_a_revoked_session_is_thrown_out_of_the_open_page(visitor: Visitor, another: Visitor) -> None:
    account = visitor.product.account("collector", 1)
    await visitor.inside(account)
    await expect(visitor.there("live-connected")).to_be_visible()
    await another.inside(account)
    sessions = await another.call("GET", "/identity/sessions")
    theirs = next(session for session in sessions["items"] if not session["current"])
    await another.call("DELETE", f"/identity/sessions/{theirs['id']}")
    began = time.monotonic()
    await visitor.there("login-submit").first.wait_for(timeout=2_000)
    assert time.monotonic() - began < 2
    await expect(visitor.there("leaving")).to_be_visible()


async def test_the_desk_speaks_both_languages_and_dims_its_lights(visitor: Visitor) -> None:
    await visitor.inside(visitor.product.account("owner"))
    await expect(visitor.there("menu-identity/people")).to_contain_text("人员")
    await visitor.page.goto(f"{visitor.product.address}/identity/profile")
    await visitor.there("profile-language").get_by_text("English").click()
    await expect(visitor.there("menu-identity/people")).to_contain_text("People")
    await visitor.there("profile-theme").get_by_text("Dark").click()
    await expect(visitor.page.locator("html")).to_have_attribute("data-theme", "dark")
    await visitor.page.reload()
    await expect(visitor.there("menu-identity/people")).to_contain_text("People")
    await expect(visitor.page.locator("html")).to_have_attribute("data-theme", "dark")
