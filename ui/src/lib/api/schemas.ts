/** The service's models under their own names. */
import type { components } from './types'

type Schemas = components['schemas']

export type Answer = Schemas['Answer']
export type Assumption = Schemas['Assumption']
export type Capabilities = Schemas['Capabilities']
export type ChartSeries = Schemas['ChartSeries']
export type ChartSpec = Schemas['ChartSpec']
export type Clarification = Schemas['Clarification']
export type ClarificationOption = Schemas['ClarificationOption']
export type ContextActivity = Schemas['ContextActivity']
export type Coverage = Capabilities['coverage'][number]
export type ExecutionActivity = Schemas['ExecutionActivity']
export type Receipt = Schemas['Receipt']
export type SqlActivity = Schemas['SqlActivity']

/** A value of a chart's point: dates are ISO text. */
export type Cell = ChartSpec['data'][number][string]

/** RFC 9457 problem details; a proxy in between may leave fields out. */
export type Problem = Partial<Schemas['Problem']>
export type ErrorName = Schemas['Problem']['code'] | Exclude<Schemas['Problem']['reason'], ''>
export type ErrorParameters = Schemas['Problem']['parameters']

/** A question; what has a default may be left out. */
export type QueryRequest = Pick<Schemas['QueryRequest'], 'question'> &
  Partial<Schemas['QueryRequest']>

export type Rating = Schemas['Feedback']['rating']
export type Thread = Schemas['Thread']
export type ThreadEntry = Schemas['ThreadEntry']
export type ThreadPage = Schemas['ThreadPage']
export type ThreadTurn = Schemas['ThreadTurn']

export type Me = Schemas['Me']
export type SignInMethod = Schemas['SignInMethod']
export type RunEntry = Schemas['RunEntry']
export type RunPage = Schemas['RunPage']
export type RunRecord = Schemas['RunRecord']
export type ModelCall = Schemas['ModelCall']
export type Usage = Schemas['Usage']
export type UsageEntry = Schemas['UsageEntry']
export type FeedbackPage = Schemas['FeedbackPage']
export type AuditPage = Schemas['AuditPage']
export type LogLines = Schemas['LogLines']
export type Job = Schemas['Job']
export type ContextOverview = Schemas['ContextOverview']
export type DriftReport = Schemas['DriftReport']
export type DataChange = Schemas['Change']
export type VerifiedList = Schemas['VerifiedList']
export type PromptList = Schemas['PromptList']
export type PromptEntry = Schemas['PromptEntry']
export type PromptText = Schemas['PromptText']
export type Chips = Schemas['Chips']
export type Chip = Schemas['Piece']
export type ChipEdit = Required<Schemas['PieceEdit']>
export type ShownLine = Schemas['ShownLine']
export type LineList = Schemas['LineList']
export type Correction = Schemas['Correction']
export type NewVersion = Schemas['NewVersion']
export type WaitingList = Schemas['WaitingList']
export type ModelChoice = Schemas['ModelChoice']
export type SwitchResult = Schemas['SwitchResult']
export type EvalRunList = Schemas['EvalRuns']
export type EvalRun = Schemas['RunSummary']
export type EvalInbox = Schemas['Inbox']
export type DislikedRun = Schemas['DislikedRun']
export type TakenSample = Schemas['TakenSample']
