/** One question and everything that has come back for it so far. */
import type {
  ChartSpec,
  Clarification,
  ClarificationOption,
  ContextActivity,
  ErrorParameters,
  ExecutionActivity,
  Rating,
  Receipt,
  SqlActivity,
} from '../api/schemas'

/**
 * Where a turn stands. `asking` waits for the service's first step; `working` has steps under way;
 * every other phase is an end, `clarifying` until the analyst chooses.
 */
export type Phase =
  | 'asking'
  | 'working'
  | 'answered'
  | 'refused'
  | 'clarifying'
  | 'failed'
  | 'stopped'

/** One node's pass. Times are milliseconds since the Unix epoch. */
export interface Step {
  name: string
  startedAt: number
  durationMs: number | null
  /** For drafting, checking and running: which attempt at the SQL. */
  attempt: number | null
}

/** What went wrong, before it is put into the reader's language; `reference` is for whoever helps. */
export interface Failure {
  code: string
  /** Which error of its code. */
  reason?: string
  parameters?: ErrorParameters
  /** The service's own words, for what the catalogue does not know. */
  detail: string
  reference: string
}

export interface Turn {
  id: string
  question: string
  phase: Phase
  runId: string
  threadId: string
  /** The number of the last event that came: where to take up a stream that was cut. */
  lastEvent: number
  /** The analyst wants it to stop, and the service has not yet said that it did. */
  isStopping: boolean
  /** Its place in the queue, 1 is next; null once it is being worked on. */
  queued: number | null
  startedAt: number
  finishedAt: number | null
  steps: Step[]
  context: ContextActivity | null
  attempts: SqlActivity[]
  execution: ExecutionActivity | null
  /** Markdown. */
  text: string
  /** Prose is arriving. */
  isWriting: boolean
  chart: ChartSpec | null
  receipt: Receipt | null
  followUps: string[]
  suggestions: string[]
  clarification: Clarification | null
  choice: ClarificationOption | null
  /** What the reader changed of an earlier answer, in words; empty for its SQL, null for nothing. */
  change: string | null
  failure: Failure | null
  rating: Rating | null
}

export function newTurn(id: string, question: string, now: number): Turn {
  return {
    id,
    question,
    phase: 'asking',
    runId: '',
    threadId: '',
    lastEvent: 0,
    isStopping: false,
    queued: null,
    startedAt: now,
    finishedAt: null,
    steps: [],
    context: null,
    attempts: [],
    execution: null,
    text: '',
    isWriting: false,
    chart: null,
    receipt: null,
    followUps: [],
    suggestions: [],
    clarification: null,
    choice: null,
    change: null,
    failure: null,
    rating: null,
  }
}

/** The turn as it stood when its run began: the run's log is told from its first event. */
export function begunAgain(turn: Turn, now: number): Turn {
  const { id, question, runId, threadId, choice, change } = turn
  return { ...newTurn(id, question, now), runId, threadId, choice, change }
}

export function isRunning(turn: Turn): boolean {
  return turn.phase === 'asking' || turn.phase === 'working'
}

/** The step whose end has not come. */
export function currentStep(turn: Turn): Step | null {
  return turn.steps.findLast((step) => step.durationMs === null) ?? null
}

/** Time that the service worked: an analyst's pause before a choice does not count. */
export function workedMs(turn: Turn): number {
  const [first] = turn.steps
  const receiving = first ? first.startedAt - turn.startedAt : 0
  return turn.steps.reduce((total, step) => total + (step.durationMs ?? 0), receiving)
}

/** Whether the step ended with the SQL going back to be drafted again. */
export function isSentBack(turn: Turn, step: Step): boolean {
  const status = turn.attempts.find(({ attempt }) => attempt === step.attempt)?.status
  if (step.durationMs === null) return false
  return (
    (step.name === 'validate_sql' && (status === 'rejected' || status === 'doubted')) ||
    (step.name === 'execute_sql' && status === 'failed')
  )
}
