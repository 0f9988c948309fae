"""What stands after the migrations: every tenant's rows are fenced in, and the application cannot step over."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors, sql

from anmi.kit.ids import new_id

TENANT_TABLES = """
    SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
"""


def test_every_table_with_a_tenant_forces_row_level_security(owner_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        tables = connection.execute(TENANT_TABLES).fetchall()
    assert len(tables) > 10
    assert [name for name, enabled, forced in tables if not (enabled and forced)] == []


def test_the_application_owns_nothing_and_cannot_bypass_the_fence(app_url: str) -> None:
    with psycopg.connect(app_url) as connection:
        row = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        owned = connection.execute("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole").fetchone()
    assert row == (False, False, False)
    assert owned == (0,)


def test_the_application_may_have_tables_measured(app_url: str) -> None:
    with psycopg.connect(app_url) as connection:
        connection.execute("SELECT measure('{cases,debtors}')")
        counted = connection.execute(
            "SELECT count(*) FROM pg_class WHERE oid = ANY('{cases,debtors}'::regclass[]) AND reltuples >= 0"
        ).fetchone()
    assert counted == (2,)


def test_one_tenant_neither_reads_nor_writes_the_rows_of_another(app_url: str) -> None:
    ours, theirs = new_id(), new_id()
    with psycopg.connect(app_url) as connection:
        connection.execute("SELECT set_config('anmi.across_tenants', 'on', true)")
        for tenant_id in (ours, theirs):
            connection.execute(
                "INSERT INTO tenants (id, code, name, state, created_at, version)"
                " VALUES (%s, %s, '演示', 'active', now(), 1)",
                [tenant_id, str(tenant_id)],
            )
        connection.execute("SELECT set_config('anmi.across_tenants', 'off', true)")
        for tenant_id in (ours, theirs):
            connection.execute("SELECT set_config('anmi.tenant_id', %s, true)", [str(tenant_id)])
            connection.execute(
                "INSERT INTO org_units (id, tenant_id, name, kind, version) VALUES (%s, %s, '总部', 'company', 1)",
                [new_id(), tenant_id],
            )
        connection.execute("SELECT set_config('anmi.tenant_id', %s, true)", [str(ours)])
        assert connection.execute("SELECT DISTINCT tenant_id FROM org_units").fetchall() == [(ours,)]
        assert connection.execute("SELECT id FROM tenants").fetchall() == [(ours,)]
        assert connection.execute("UPDATE org_units SET name = 'x' WHERE tenant_id = %s", [theirs]).rowcount == 0
        assert connection.execute("DELETE FROM org_units WHERE tenant_id = %s", [theirs]).rowcount == 0
        with pytest.raises(errors.InsufficientPrivilege), connection.transaction():
            connection.execute(
                "INSERT INTO org_units (id, tenant_id, name, kind, version) VALUES (%s, %s, '别人', 'team', 1)",
                [new_id(), theirs],
            )
        with pytest.raises(errors.InsufficientPrivilege), connection.transaction():
            connection.execute("UPDATE org_units SET tenant_id = %s", [theirs])
        connection.execute("SELECT set_config('anmi.tenant_id', '', true)")
        for table, *_ in connection.execute(TENANT_TABLES).fetchall():
            found = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
            assert found == (0,), f"{table} is readable without a tenant"
        connection.rollback()


def test_the_log_can_only_grow(app_url: str, owner_url: str) -> None:
    for address, refusal in ((app_url, errors.InsufficientPrivilege), (owner_url, errors.RaiseException)):
        with psycopg.connect(address) as connection:
            with pytest.raises(refusal), connection.transaction():
                connection.execute("UPDATE audit_entries SET action = 'x'")
            with pytest.raises(refusal), connection.transaction():
                connection.execute("DELETE FROM audit_entries")
