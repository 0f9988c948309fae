"""What agents and their phones are refused, and why."""

from __future__ import annotations

from anmi.kit.errors import Conflict, Invalid


class NotAnAgent(Conflict):
    """The caller has no extension."""

    code = "NOT_AN_AGENT"
    zh, en = "您还没有开通坐席分机", "You have no extension yet"


class AgentNotThere(Conflict):
    """The agent's phone is not registered."""

    code = "AGENT_NOT_THERE"
    zh, en = "话机未连接，请先登录话机", "The phone is not connected; please log it in first"


class AgentBusy(Conflict):
    """The agent is in a call, or one is on its way to her."""

    code = "AGENT_BUSY"
    zh, en = "坐席正在通话中", "The agent is in a call"


class ExtensionTaken(Conflict):
    """Somebody else has this extension, or the person has one already."""

    code = "EXTENSION_TAKEN"
    zh, en = "分机号或人员已被占用", "The extension is taken, or the person has one already"


class NotAReason(Invalid):
    """Nobody gives this reason herself."""

    code = "NOT_READY_REASON"
    zh, en = "请选择示忙原因", "Please choose a reason"


class StateNotNow(Conflict):
    """From where the agent stands there is no way to where she wants."""

    code = "AGENT_STATE"
    zh, en = "当前坐席状态（{state}）不允许此操作", "An agent who is {state} cannot do this"


class MobileNumberWanted(Invalid):
    """A mobile needs its number."""

    code = "MOBILE_NUMBER_WANTED"
    zh, en = "请填写手机号", "Please give the mobile's number"
