/** A turn as the service kept it: the answer without the steps that led to it. */
import type { ThreadTurn } from '../api/schemas'
import { fail, stop, withAnswer } from './reduce'
import { type Turn, newTurn } from './turn'

export function fromThread(kept: ThreadTurn, threadId: string): Turn {
  const startedAt = Date.parse(kept.started_at)
  const turn: Turn = {
    ...newTurn(kept.run_id, kept.question, startedAt),
    runId: kept.run_id,
    threadId,
    rating: kept.rating ?? null,
  }
  if (kept.status === 'running') return { ...turn, phase: 'working' }
  if (kept.answer) return withAnswer(turn, kept.answer, startedAt)
  if (kept.status === 'cancelled') return stop(turn, startedAt)
  return fail(turn, { code: 'kept', detail: '', reference: kept.run_id }, startedAt)
}
