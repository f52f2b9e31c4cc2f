/**
 * The AG-UI events that this client reads; any other event is skipped. On the wire an optional field
 * without a value is left out, which the generated types do not say.
 */
import type {
  Answer,
  ChartSpec,
  ContextActivity,
  ExecutionActivity,
  Receipt,
  SqlActivity,
} from './schemas'
import type { components } from './types'

type Schemas = components['schemas']

interface ActivityContent {
  'vtion.queue': { position: number }
  'vtion.context': ContextActivity
  'vtion.sql': SqlActivity
  'vtion.execution': ExecutionActivity
  'vtion.chart': ChartSpec
  'vtion.receipt': Receipt
  'vtion.answer': { text: string }
}

/** One `ACTIVITY_SNAPSHOT`; `activityType` says what `content` is. */
export type ActivityEvent = {
  [Kind in keyof ActivityContent]: {
    type: 'ACTIVITY_SNAPSHOT'
    messageId: string
    activityType: Kind
    content: ActivityContent[Kind]
  }
}[keyof ActivityContent]

export type RunStartedEvent = Pick<Schemas['RunStartedEvent'], 'type' | 'threadId' | 'runId'>
export type RunFinishedEvent = Pick<Schemas['RunFinishedEvent'], 'type'> & {
  result: Answer | null
  outcome?: Pick<NonNullable<Schemas['RunFinishedEvent']['outcome']>, 'type'> | null
}
export type RunErrorEvent = Pick<Schemas['RunErrorEvent'], 'type' | 'message'> &
  Partial<Pick<Schemas['RunErrorEvent'], 'code' | 'metadata'>>
export type StepStartedEvent = Pick<Schemas['StepStartedEvent'], 'type' | 'stepName'>
export type StepFinishedEvent = Pick<Schemas['StepFinishedEvent'], 'type' | 'stepName'> & {
  metadata?: { duration_ms?: number } | null
}
export type TextContentEvent = Pick<Schemas['TextMessageContentEvent'], 'type' | 'delta'>
export type TextEdgeEvent = Pick<
  Schemas['TextMessageStartEvent'] | Schemas['TextMessageEndEvent'],
  'type'
>

export type WireEvent =
  | RunStartedEvent
  | RunFinishedEvent
  | RunErrorEvent
  | StepStartedEvent
  | StepFinishedEvent
  | TextContentEvent
  | TextEdgeEvent
  | ActivityEvent
