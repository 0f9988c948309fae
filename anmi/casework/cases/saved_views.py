"""Saved views: filters, columns and order of a list that somebody wants to come back to. They are hers alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from anmi.casework.cases import repository
from anmi.casework.cases.models import SavedView
from anmi.kit.constraints import refused_as
from anmi.kit.errors import Conflict, Forbidden, NotFound
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import UnitOfWork


class ViewNameTaken(Conflict):
    """She has a view of this name."""

    code = "VIEW_NAME_TAKEN"
    zh, en = "已有同名视图“{name}”", "There is a view called {name} already"


class NobodysViews(Forbidden):
    """Views belong to people; a token has none."""

    code = "NOBODYS_VIEWS"
    zh, en = "只有人员账号可以保存视图", "Only people keep views"


class SavedViews:
    """The saved views of one person."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def all(self, list_name: str) -> Sequence[SavedView]:
        """Return the caller's views of one list."""
        return await repository.saved_views(self._unit.session, self._owner(), list_name)

    async def add(self, list_name: str, name: str, body: dict[str, Any]) -> SavedView:
        """Keep a view."""
        view = SavedView(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            person_id=self._owner(),
            list_name=list_name,
            name=name,
            body=body,
            version=1,
        )
        async with refused_as(self._unit.session, {}, otherwise=ViewNameTaken(name=name)):
            self._unit.session.add(view)
        return view

    async def change(self, view_id: UUID, version: int, name: str, body: dict[str, Any]) -> SavedView:
        """Keep another view under this one's place."""
        view = await self._held(view_id)
        view.edit(version)
        async with refused_as(self._unit.session, {}, otherwise=ViewNameTaken(name=name)):
            view.name, view.body = name, body
        return view

    async def remove(self, view_id: UUID) -> None:
        """Forget a view."""
        await self._unit.session.delete(await self._held(view_id))

    async def _held(self, view_id: UUID) -> SavedView:
        view = await repository.saved_view(self._unit.session, self._owner(), view_id)
        if view is None:
            raise NotFound
        return view

    def _owner(self) -> UUID:
        if self._unit.caller.person_id is None:
            raise NobodysViews
        return self._unit.caller.person_id
