/** Who sits at this desk, what they may do, and why they last had to leave. */

import { defineStore } from 'pinia'
import { computed, ref, watchEffect } from 'vue'
import { api, ask, manner } from './client'
import type { FieldRight, Locale, PermissionCode, NewSession, Scope, Session, Theme } from './types'
import { Refusal, Unreachable } from './failure'

/** Why the desk shows the login page, in the server's words; there a sentence stands for each. */
export const LEAVINGS = [
  'signed_out',
  'revoked',
  'ended',
  'replaced',
  'password_changed',
  'locked_out',
  'person_disabled',
  'credentials_reset',
  'tenant_suspended',
  'idle',
  'expired',
] as const
export type Leaving = (typeof LEAVINGS)[number]

function leavingOf(refusal: Refusal): Leaving {
  const told = LEAVINGS.find((known) => known === refusal.facts.reason)
  return told ?? (refusal.code === 'SESSION_EXPIRED' ? 'expired' : 'ended')
}

export const useSession = defineStore('session', () => {
  const session = ref<Session | null>(null)
  const leaving = ref<Leaving | null>(null)
  const isRecalled = ref(false)

  const step = computed(() => session.value?.step ?? null)
  const isComplete = computed(() => step.value === 'complete')
  const person = computed(() => session.value?.person ?? null)
  const tenant = computed(() => session.value?.tenant ?? null)

  watchEffect(() => {
    manner.csrfToken = session.value?.csrf_token ?? null
  })
  manner.onSignedOut = (refusal) => {
    if (session.value !== null || refusal.code !== 'NOT_SIGNED_IN') leave(leavingOf(refusal))
  }

  function enter(entered: Session): void {
    session.value = entered
    leaving.value = null
  }

  function leave(why: Leaving): void {
    session.value = null
    leaving.value = why
  }

  /** Ask the server who we are; nobody is an answer too, silence is not. */
  async function recall(): Promise<void> {
    try {
      enter(await ask(api.GET('/api/v1/identity/session')))
      isRecalled.value = true
    } catch (thrown) {
      if (!(thrown instanceof Refusal || thrown instanceof Unreachable)) throw thrown
      isRecalled.value = thrown instanceof Refusal && thrown.status === 401
      session.value = null
    }
  }

  async function logIn(body: NewSession): Promise<void> {
    enter(await ask(api.POST('/api/v1/identity/sessions', { body })))
  }

  async function proveSecondFactor(body: { code?: string; recovery_code?: string }): Promise<void> {
    enter(await ask(api.POST('/api/v1/identity/session/totp', { body })))
  }

  async function changePassword(current_password: string, new_password: string): Promise<void> {
    enter(await ask(api.POST('/api/v1/identity/session/password', { body: { current_password, new_password } })))
  }

  async function logOut(): Promise<void> {
    await ask(api.DELETE('/api/v1/identity/session'))
    leave('signed_out')
  }

  async function rememberTaste(taste: { locale?: Locale; theme?: Theme }): Promise<void> {
    if (!isComplete.value) return
    const { person: taught } = await ask(api.PATCH('/api/v1/identity/profile', { body: taste }))
    if (session.value !== null) session.value.person = taught
  }

  const may = (permission: PermissionCode): boolean => session.value !== null && permission in session.value.permissions
  const scopeOf = (permission: PermissionCode): Scope | null => session.value?.permissions[permission] ?? null
  const sees = (field: FieldRight): boolean => session.value?.field_rights.includes(field) ?? false

  return {
    session,
    leaving,
    isRecalled,
    step,
    isComplete,
    person,
    tenant,
    enter,
    leave,
    recall,
    logIn,
    proveSecondFactor,
    changePassword,
    logOut,
    rememberTaste,
    may,
    scopeOf,
    sees,
  }
})
