"""Every SQL statement about coming in and going out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.identity.org_units.models import OrgUnit
from anmi.identity.people.models import FormerPassword, Person, PersonGrant, RecoveryCode
from anmi.identity.roles.models import CustomRole
from anmi.identity.sessions.models import EndReason, Session
from anmi.identity.tenants.models import Tenant


async def tenant_by_code(session: AsyncSession, code: str) -> Tenant | None:
    """Find an agency; the unit of work looks across tenants."""
    return await session.scalar(select(Tenant).where(Tenant.code == code))


async def tenant(session: AsyncSession, tenant_id: UUID) -> Tenant | None:
    """Return the agency of a unit of work."""
    return await session.get(Tenant, tenant_id)


async def person_by_employee_no(session: AsyncSession, employee_no: str) -> Person | None:
    """Find somebody by employee number, held until the transaction ends."""
    return await session.scalar(select(Person).where(Person.employee_no == employee_no).with_for_update())


async def person_by_phone(session: AsyncSession, phone_index: bytes) -> Person | None:
    """Find somebody by the blind index of a phone number, held until the transaction ends."""
    return await session.scalar(select(Person).where(Person.phone_index == phone_index).with_for_update())


async def locked_person(session: AsyncSession, person_id: UUID) -> Person:
    """Return somebody, held until the transaction ends."""
    return await session.get_one(Person, person_id, with_for_update=True, populate_existing=True)


async def person(session: AsyncSession, person_id: UUID) -> Person | None:
    """Return somebody."""
    return await session.get(Person, person_id)


async def unit_of(session: AsyncSession, unit_id: UUID) -> OrgUnit:
    """Return a unit of the tree."""
    return await session.get_one(OrgUnit, unit_id)


async def parents(session: AsyncSession) -> dict[UUID, UUID | None]:
    """Map every unit to the one above it."""
    return {row.id: row.parent_id for row in await session.execute(select(OrgUnit.id, OrgUnit.parent_id))}


async def custom_roles(session: AsyncSession) -> Sequence[CustomRole]:
    """Return the roles the agency made for itself."""
    return (await session.scalars(select(CustomRole))).all()


async def grants(session: AsyncSession, person_id: UUID) -> Sequence[PersonGrant]:
    """Return what somebody was granted."""
    return (await session.scalars(select(PersonGrant).where(PersonGrant.person_id == person_id))).all()


async def session_by_digest(session: AsyncSession, digest: bytes) -> tuple[Session, Person] | None:
    """Find a session by the digest of its token, and whose it is."""
    query = select(Session, Person).join(Person, Person.id == Session.person_id).where(Session.token_digest == digest)
    found = (await session.execute(query)).one_or_none()
    return (found[0], found[1]) if found else None


async def session(session: AsyncSession, session_id: UUID) -> Session:
    """Return a session by its id."""
    return await session.get_one(Session, session_id)


async def open_sessions(session: AsyncSession, person_id: UUID, now: datetime) -> Sequence[Session]:
    """Return somebody's sessions that have not ended, the newest first."""
    query = (
        select(Session)
        .where(Session.person_id == person_id, Session.ended_at.is_(None), Session.expires_at > now)
        .order_by(Session.created_at.desc(), Session.id.desc())
    )
    return (await session.scalars(query)).all()


async def end(session: AsyncSession, session_ids: Sequence[UUID], reason: EndReason, now: datetime) -> list[UUID]:
    """End sessions that have not ended yet; return which."""
    query = (
        update(Session)
        .where(Session.id.in_(session_ids), Session.ended_at.is_(None))
        .values(ended_at=now, end_reason=reason)
        .returning(Session.id)
    )
    return list((await session.execute(query)).scalars())


async def touch(session: AsyncSession, session_id: UUID, person_id: UUID, now: datetime) -> None:
    """Write down when somebody was last seen."""
    await session.execute(update(Session).where(Session.id == session_id).values(last_seen_at=now))
    await session.execute(update(Person).where(Person.id == person_id).values(last_seen_at=now))


async def former_passwords(session: AsyncSession, person_id: UUID) -> Sequence[FormerPassword]:
    """Return somebody's former passwords, the newest first."""
    query = select(FormerPassword).where(FormerPassword.person_id == person_id).order_by(FormerPassword.id.desc())
    return (await session.scalars(query)).all()


async def replace_recovery_codes(
    session: AsyncSession, tenant_id: UUID, person_id: UUID, digests: Sequence[bytes]
) -> None:
    """Give somebody new recovery codes; the old ones are worth nothing any more."""
    await session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    session.add_all(RecoveryCode(tenant_id=tenant_id, person_id=person_id, digest=digest) for digest in digests)


async def use_recovery_code(session: AsyncSession, person_id: UUID, digest: bytes, now: datetime) -> bool:
    """Use up a recovery code; say whether it was there and unused."""
    query = (
        update(RecoveryCode)
        .where(RecoveryCode.person_id == person_id, RecoveryCode.digest == digest, RecoveryCode.used_at.is_(None))
        .values(used_at=now)
        .returning(RecoveryCode.id)
    )
    return (await session.execute(query)).first() is not None


async def recovery_codes_left(session: AsyncSession, person_id: UUID) -> int:
    """Count the recovery codes somebody still has."""
    query = select(RecoveryCode.id).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return len((await session.scalars(query)).all())
