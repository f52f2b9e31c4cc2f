/** A user's own conversations. */
import { request, send } from './client'
import type { Thread, ThreadPage } from './schemas'

/**
 * One page, the latest first; `cursor` is the `next_cursor` of the page before. With `search`, those
 * that hold each of its words in a question or an answer.
 */
export function fetchThreads(cursor: string | null, search: string, baseUrl = ''): Promise<ThreadPage> {
  const query = new URLSearchParams()
  if (cursor) query.set('cursor', cursor)
  if (search) query.set('search', search)
  const suffix = query.size > 0 ? `?${query.toString()}` : ''
  return request<ThreadPage>(`/threads${suffix}`, { baseUrl })
}

export function fetchThread(id: string, baseUrl = ''): Promise<Thread> {
  return request<Thread>(`/threads/${encodeURIComponent(id)}`, { baseUrl })
}

export async function deleteThread(id: string, baseUrl = ''): Promise<void> {
  await send(`/threads/${encodeURIComponent(id)}`, { method: 'DELETE', baseUrl })
}
