/** Builds the events of a run as the service sends them, with the pauses in between. */

export const RUN = 'run-7f3a'
export const THREAD = 'thread-19c2'

export const wait = (ms) => ({ wait: ms })

export const started = (run = RUN) => ({ type: 'RUN_STARTED', threadId: THREAD, runId: run })

/** One step: starts, lasts, and what happens inside it. */
export const step = (stepName, ms, ...inside) => [
  { type: 'STEP_STARTED', stepName },
  wait(ms),
  ...inside.flat(),
  { type: 'STEP_FINISHED', stepName, metadata: { duration_ms: ms } },
]

export const activity = (kind, content, messageId = `${RUN}:${kind}`) => ({
  type: 'ACTIVITY_SNAPSHOT',
  messageId,
  activityType: `vtion.${kind}`,
  content,
  replace: true,
})

export const sqlActivity = (attempt, status, sql, reasons = []) =>
  activity(
    'sql',
    { attempt, sql, status, reasons, drafter: 'embedded' },
    `${RUN}:sql:${String(attempt)}`,
  )

/** Prose word by word. */
export const prose = (text, ms = 18) => [
  { type: 'TEXT_MESSAGE_START', messageId: `${RUN}:answer`, role: 'assistant' },
  ...text
    .split(/(?<= )/)
    .flatMap((delta) => [{ type: 'TEXT_MESSAGE_CONTENT', messageId: `${RUN}:answer`, delta }, wait(ms)]),
  { type: 'TEXT_MESSAGE_END', messageId: `${RUN}:answer` },
]

export const answer = (status, fields = {}) => ({
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

export const finished = (result, outcome = { type: 'success' }) => ({
  type: 'RUN_FINISHED',
  threadId: THREAD,
  runId: RUN,
  result,
  outcome,
})

export const failed = (message, code, reference) => ({
  type: 'RUN_ERROR',
  message,
  code,
  metadata: { reference },
})
