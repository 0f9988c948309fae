"""Why somebody does not come in, or may not stay."""

from __future__ import annotations

from anmi.kit.errors import Conflict, Forbidden, Invalid, NotSignedIn


class WrongCredentials(NotSignedIn):
    """Nobody here has this login and this password; which of the two is wrong is not said."""

    code = "WRONG_CREDENTIALS"
    zh, en = "机构代码、账号或密码不正确", "Agency code, login or password is wrong"


class TenantSuspended(Forbidden):
    """The agency may not work at present."""

    code = "TENANT_SUSPENDED"
    zh, en = "该机构已被暂停使用，请联系平台运营方", "This agency is suspended; please ask the platform's operator"


class PersonDisabled(Forbidden):
    """The account was shut; only somebody who knows its password is told so."""

    code = "PERSON_DISABLED"
    zh, en = "该账号已停用，请联系管理员", "This account is disabled; please ask your administrator"


class SessionHasEnded(NotSignedIn):
    """The session was ended; `reason` says by what."""

    code = "SESSION_ENDED"
    zh, en = "您的登录已被终止，请重新登录", "Your session was ended; please sign in again"


class SessionHasExpired(NotSignedIn):
    """The session was left alone for too long, or has reached its longest time."""

    code = "SESSION_EXPIRED"
    zh, en = "登录已超时，请重新登录", "Your session has expired; please sign in again"


class SessionIncomplete(Forbidden):
    """A step of signing in is still owed."""

    code = "SESSION_INCOMPLETE"
    zh, en = "请先完成登录步骤", "Please finish signing in first"


class ForgedRequest(Forbidden):
    """The request came with a session's cookie, but not from our own pages."""

    code = "FORGED_REQUEST"
    zh, en = "请求来源校验失败，请刷新页面后重试", "The request did not come from our pages; please reload"


class OnlyForPeople(Forbidden):
    """Machines have no session, no password and no profile."""

    code = "ONLY_FOR_PEOPLE"
    zh, en = "接口令牌不能使用此功能", "API tokens cannot do this"


class StepNotOwed(Conflict):
    """The step was taken already, or another one comes first."""

    code = "STEP_NOT_OWED"
    zh, en = "当前不需要此步骤", "This step is not due now"


class WrongCode(Invalid):
    """The code of the second factor, or the recovery code, is wrong or was used before."""

    code = "WRONG_CODE"
    zh, en = "验证码不正确或已使用", "The code is wrong or was used before"
    keeps_unit = True


class WrongPassword(Invalid):
    """The current password is wrong."""

    code = "WRONG_PASSWORD"
    zh, en = "当前密码不正确", "The current password is wrong"


class WeakPassword(Invalid):
    """The new password breaks rules, named in `rules`."""

    code = "WEAK_PASSWORD"
    zh, en = "新密码不符合安全策略", "The new password does not meet the policy"


class NoEnrolmentBegun(Conflict):
    """A code confirms an enrolment that was begun before."""

    code = "NO_ENROLMENT_BEGUN"
    zh, en = "请先开始绑定二次验证", "Begin the enrolment first"
