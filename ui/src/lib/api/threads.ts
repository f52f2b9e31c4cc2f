/** A user's own conversations. */
import { request, send } from './client'
import type { Thread, ThreadPage } from './schemas'

/** One page, the latest first; `cursor` is the `next_cursor` of the page before. */
export function fetchThreads(cursor: string | null, baseUrl = ''): Promise<ThreadPage> {
  const query = cursor ? `?cursor=${encodeURIComponent(cursor)}` : ''
  return request<ThreadPage>(`/threads${query}`, { baseUrl })
}

export function fetchThread(id: string, baseUrl = ''): Promise<Thread> {
  return request<Thread>(`/threads/${encodeURIComponent(id)}`, { baseUrl })
}

export async function deleteThread(id: string, baseUrl = ''): Promise<void> {
  await send(`/threads/${encodeURIComponent(id)}`, { method: 'DELETE', baseUrl })
}
