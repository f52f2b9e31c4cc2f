/** Keeps the visible conversation across a reload of this tab, and no longer. */
import { stop } from '../turn/reduce'
import { isRunning, type Turn } from '../turn/turn'

const KEY = 'vtion.conversation.2'

export interface StoredConversation {
  threadId: string | null
  turns: Turn[]
}

/** What was kept; a question that the service had not yet taken is shown as stopped. */
export function load(storage: Storage, now: number): StoredConversation {
  const empty = { threadId: null, turns: [] }
  const text = storage.getItem(KEY)
  if (!text) return empty
  try {
    const { threadId, turns } = JSON.parse(text) as StoredConversation
    return { threadId, turns: turns.map((turn) => (isRunning(turn) && !turn.runId ? stop(turn, now) : turn)) }
  } catch {
    return empty
  }
}

/** A full or forbidden storage costs the reload, not the conversation. */
export function save(storage: Storage, conversation: StoredConversation): void {
  try {
    storage.setItem(KEY, JSON.stringify(conversation))
  } catch {
    storage.removeItem(KEY)
  }
}
