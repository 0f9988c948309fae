/** A room of the desk, as its own folder describes it: where it is, who may enter, how it is shown. */

import type { Component } from 'vue'
import type { RouteComponent } from 'vue-router'

export type Room = {
  /** Path and name at once: `identity/people` is also the folder and the address of the API. */
  name: string
  /** The menu it stands in, and what it counts there. Without one the room is reached by other ways. */
  menu?: { group: string; order: number; icon: Component; badge?: () => number }
  /** Who holds any of these may enter; an empty list lets everybody in who is signed in. */
  permissions: readonly string[]
  /** Two keys that lead here: `g p`. */
  keys?: string
  page: () => Promise<RouteComponent>
}
