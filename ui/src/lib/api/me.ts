import { session } from '../session/session.svelte'
import { request } from './client'
import type { Me } from './schemas'

/** Learns who is signed in; a service that cannot say leaves the reader without a role. */
export async function learnWhoIReadAs(): Promise<void> {
  try {
    const me = await request<Me>('/me')
    session.roles = me.roles
    session.userId = me.user_id
    session.mayEditSql = me.may_edit_sql
  } catch {
    session.roles = []
    session.mayEditSql = false
  }
}
