/** Builds the events of a run as the service sends them, with the pauses in between. */
import type { ActivityEvent, WireEvent } from '../../src/lib/api/events'
import type { Answer, SqlActivity } from '../../src/lib/api/schemas'

/** A pause in milliseconds. */
export interface Pause {
  wait: number
}

/** A pause that lasts until a test has seen what it came for; where nobody tests, in milliseconds. */
export interface Hold {
  hold: number
}

/** The connections end without a word; the run goes on. */
export interface Cut {
  cut: true
}

export type Line = WireEvent | Pause | Hold | Cut

export const RUN = 'run-7f3a'
export const THREAD = 'thread-19c2'

export const wait = (ms: number): Pause => ({ wait: ms })

export const hold = (ms: number): Hold => ({ hold: ms })

export const started = (run = RUN): WireEvent => ({ type: 'RUN_STARTED', threadId: THREAD, runId: run })

/** One step: starts, lasts, and what happens inside it. */
export const step = (stepName: string, ms: number, ...inside: (Line | Line[])[]): Line[] => [
  { type: 'STEP_STARTED', stepName },
  wait(ms),
  ...inside.flat(),
  { type: 'STEP_FINISHED', stepName, metadata: { duration_ms: ms } },
]

type ActivityType = ActivityEvent['activityType']

export const activity = <Kind extends ActivityType>(
  activityType: Kind,
  content: Extract<ActivityEvent, { activityType: Kind }>['content'],
  messageId = `${RUN}:${activityType}`,
): WireEvent =>
  ({ type: 'ACTIVITY_SNAPSHOT', messageId, activityType, content }) as ActivityEvent

export const sqlActivity = (
  attempt: number,
  status: SqlActivity['status'],
  sql: string,
  reasons: SqlActivity['reasons'] = [],
): WireEvent =>
  activity(
    'vtion.sql',
    { attempt, sql, status, reasons, drafter: 'embedded' },
    `${RUN}:sql:${String(attempt)}`,
  )

/** Prose word by word. */
export const prose = (text: string, ms = 18): Line[] => [
  { type: 'TEXT_MESSAGE_START' },
  ...text
    .split(/(?<= )/)
    .flatMap((delta): Line[] => [{ type: 'TEXT_MESSAGE_CONTENT', delta }, wait(ms)]),
  { type: 'TEXT_MESSAGE_END' },
]

export const answer = (status: Answer['status'], fields: Partial<Answer> = {}): Answer => ({
  run_id: RUN,
  thread_id: THREAD,
  status,
  text: '',
  chart: null,
  follow_ups: [],
  suggestions: [],
  clarification: null,
  receipt: null,
  ...fields,
})

type Outcome = Extract<WireEvent, { type: 'RUN_FINISHED' }>['outcome']

export const finished = (result: Answer, outcome: Outcome = { type: 'success' }): WireEvent => ({
  type: 'RUN_FINISHED',
  result,
  outcome,
})

export const failed = (message: string, code: string, reference: string): WireEvent => ({
  type: 'RUN_ERROR',
  message,
  code,
  metadata: { reference },
})
