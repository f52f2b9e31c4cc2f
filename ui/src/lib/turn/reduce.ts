/** Events to turn state: pure, so that a recorded stream replays to the same turn. */
import type {
  ActivityEvent,
  RunErrorEvent,
  RunFinishedEvent,
  StepFinishedEvent,
  WireEvent,
} from '../api/events'
import type { Answer, ClarificationOption, SqlActivity } from '../api/schemas'
import type { Failure, Phase, Step, Turn } from './turn'

/** The turn after `event`, which arrived at `now` (milliseconds since the Unix epoch). */
export function reduce(turn: Turn, event: WireEvent, now: number): Turn {
  switch (event.type) {
    case 'RUN_STARTED':
      return { ...turn, runId: event.runId, threadId: event.threadId }
    case 'STEP_STARTED':
      return startStep(turn, event.stepName, now)
    case 'STEP_FINISHED':
      return finishStep(turn, event, now)
    case 'ACTIVITY_SNAPSHOT':
      return addActivity(turn, event)
    case 'TEXT_MESSAGE_START':
      return { ...turn, text: '', isWriting: true }
    case 'TEXT_MESSAGE_CONTENT':
      return { ...turn, text: turn.text + event.delta }
    case 'TEXT_MESSAGE_END':
      return { ...turn, isWriting: false }
    case 'RUN_FINISHED':
      return finishRun(turn, event, now)
    case 'RUN_ERROR':
      return fail(turn, toFailure(event), now)
    default:
      return turn
  }
}

/** The turn once the analyst has answered its clarification. */
export function choose(turn: Turn, choice: ClarificationOption): Turn {
  return { ...turn, phase: 'asking', choice, finishedAt: null, text: '', lastEvent: 0 }
}

export function fail(turn: Turn, failure: Failure, now: number): Turn {
  return close({ ...turn, failure }, 'failed', now)
}

export function stop(turn: Turn, now: number): Turn {
  return close(turn, 'stopped', now)
}

function startStep(turn: Turn, name: string, now: number): Turn {
  const step: Step = { name, startedAt: now, durationMs: null, attempt: attemptOf(turn, name) }
  return { ...turn, phase: 'working', queued: null, steps: [...turn.steps, step] }
}

function attemptOf(turn: Turn, step: string): number | null {
  if (step === 'draft_sql') return turn.attempts.length + 1
  if (step === 'validate_sql' || step === 'execute_sql') return Math.max(1, turn.attempts.length)
  return null
}

function finishStep(turn: Turn, event: StepFinishedEvent, now: number): Turn {
  const index = turn.steps.findLastIndex(
    (step) => step.name === event.stepName && step.durationMs === null,
  )
  const steps = turn.steps.map((step, position) =>
    position === index
      ? { ...step, durationMs: event.metadata?.duration_ms ?? now - step.startedAt }
      : step,
  )
  return { ...turn, steps }
}

function addActivity(turn: Turn, event: ActivityEvent): Turn {
  switch (event.activityType) {
    case 'vtion.queue':
      return { ...turn, queued: event.content.position > 0 ? event.content.position : null }
    case 'vtion.context':
      return { ...turn, context: event.content }
    case 'vtion.sql':
      return { ...turn, attempts: withAttempt(turn.attempts, event.content) }
    case 'vtion.execution':
      return { ...turn, execution: event.content }
    case 'vtion.chart':
      return { ...turn, chart: event.content }
    case 'vtion.receipt':
      return { ...turn, receipt: event.content }
    case 'vtion.answer':
      return { ...turn, text: event.content.text }
    default:
      return turn
  }
}

function withAttempt(attempts: SqlActivity[], next: SqlActivity): SqlActivity[] {
  const isKnown = attempts.some(({ attempt }) => attempt === next.attempt)
  if (!isKnown) return [...attempts, next]
  return attempts.map((old) => (old.attempt === next.attempt ? next : old))
}

function finishRun(turn: Turn, event: RunFinishedEvent, now: number): Turn {
  const answer = event.result
  if (event.outcome?.type === 'cancelled') return stop(turn, now)
  return answer ? withAnswer(turn, answer, now) : close(turn, 'answered', now)
}

/** The turn ended by its whole answer. */
export function withAnswer(turn: Turn, answer: Answer, now: number): Turn {
  const told: Turn = {
    ...turn,
    text: answer.text || turn.text,
    chart: answer.chart ?? turn.chart,
    receipt: answer.receipt ?? turn.receipt,
    change: turn.change ?? changeOf(answer.receipt),
    followUps: answer.follow_ups,
    suggestions: answer.suggestions,
    clarification: answer.clarification ?? null,
  }
  return close(told, toPhase(answer), now)
}

/** What the reader had changed, as the receipt tells it: empty for SQL, null for nothing. */
function changeOf(receipt: Answer['receipt']): string | null {
  if (receipt?.drafter !== 'given') return null
  return receipt.assumptions.filter(({ is_changed }) => is_changed).map(({ text }) => text).join(', ')
}

function toPhase(answer: Answer): Phase {
  const phases: Record<Answer['status'], Phase> = {
    answered: 'answered',
    refused: 'refused',
    clarify: 'clarifying',
    failed: 'failed',
    cancelled: 'stopped',
  }
  return phases[answer.status]
}

function close(turn: Turn, phase: Phase, now: number): Turn {
  const steps = turn.steps.map((step) =>
    step.durationMs === null ? { ...step, durationMs: now - step.startedAt } : step,
  )
  return { ...turn, phase, steps, isWriting: false, isStopping: false, queued: null, finishedAt: now }
}

function toFailure(event: RunErrorEvent): Failure {
  const { reference = '', reason = '', parameters = {} } = (event.metadata ?? {}) as Partial<Failure>
  return { code: event.code ?? 'error', reason, parameters, detail: event.message, reference }
}
