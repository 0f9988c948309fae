/** Addresses of the desk. Who is not signed in is led to the login and back to where they wanted to go. */

import { createRouter, createWebHistory, type Router, type RouteRecordRaw } from 'vue-router'
import { useSession } from '@/api/session'
import { wanted } from '@/features/identity/login/wanted'
import type { Room } from '@/kit/room'
import { i18n } from '@/words'
import { rooms, roomWord } from './rooms'

declare module 'vue-router' {
  interface RouteMeta {
    title?: string
    /** Reached without a session. */
    isEntry?: boolean
    room?: Room
  }
}

const inside: RouteRecordRaw[] = [
  { path: '', name: 'home', meta: { title: 'room.home.name' }, component: () => import('./HomePage.vue') },
  { path: 'about', name: 'about', meta: { title: 'room.about.name' }, component: () => import('./AboutPage.vue') },
  ...rooms.map((room): RouteRecordRaw => ({
    path: room.name,
    name: room.name,
    meta: { title: roomWord(room, 'name'), room },
    component: room.page,
  })),
  {
    path: ':unknown(.*)*',
    name: 'missing',
    meta: { title: 'page.missing' },
    component: () => import('./MissingPage.vue'),
  },
]

export const routes: RouteRecordRaw[] = [
  {
    path: '/login',
    name: 'login',
    meta: { isEntry: true, title: 'login.title' },
    component: () => import('@/features/identity/login/LoginPage.vue'),
  },
  { path: '/', component: () => import('./shell/DeskShell.vue'), children: inside },
]

export function makeRouter(): Router {
  const router = createRouter({ history: createWebHistory(), routes, scrollBehavior: () => ({ top: 0 }) })

  router.beforeEach(async (to) => {
    const session = useSession()
    if (!session.isRecalled) await session.recall()
    if (to.meta.isEntry === true) return session.isComplete ? wanted(to.query.next) : true
    if (session.isComplete) return true
    return { name: 'login', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
  })

  router.afterEach((to) => {
    const title = to.meta.title === undefined ? '' : `${i18n.global.t(to.meta.title)} · `
    document.title = `${title}${i18n.global.t('product')}`
  })
  return router
}
