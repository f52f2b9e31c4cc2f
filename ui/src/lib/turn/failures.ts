/** Errors in the reader's words. */
import { ConnectionError, ServiceError } from '../api/errors'
import { words } from '../strings/language.svelte'
import { formatBytes, formatCount } from '../text/format'
import type { Failure } from './turn'

const PARAMETER = /\{(\w+)\}/g

/** What went wrong, as data: the sentence is made where it is shown. */
export function describeError(error: unknown): Failure {
  if (error instanceof ServiceError) return describeServiceError(error)
  const code = error instanceof ConnectionError ? error.kind : 'unexpected'
  return { code, detail: '', reference: '' }
}

function describeServiceError({ status, problem }: ServiceError): Failure {
  return {
    code: problem.code ?? String(status),
    reason: problem.reason ?? '',
    parameters: problem.parameters ?? {},
    detail: problem.detail ?? problem.title ?? '',
    reference: problem.correlation_id ?? '',
  }
}

/** The sentence of the reason, else of the code, else what the service said. */
export function sentenceOf(failure: Failure): string {
  const { errors, failure: own } = words()
  const known = own[failure.code as keyof typeof own] as string | undefined
  return (
    known ??
    filled(errors[failure.reason ?? ''], failure) ??
    filled(errors[failure.code], failure) ??
    (failure.detail || own.service)
  )
}

/** The sentence of an error that nothing but a line of text is shown for. */
export function sentenceOfError(error: unknown): string {
  const failure = describeError(error)
  const sentence = sentenceOf(failure)
  const isOurs = error instanceof ServiceError && error.status >= 500
  return isOurs && failure.reference ? `${sentence} ${words().turn.reference(failure.reference)}` : sentence
}

/** Undefined where a value is missing, as in a run's log that only kept its code. */
function filled(sentence: string | undefined, { parameters, detail }: Failure): string | undefined {
  const values: Record<string, string | number> = { ...parameters, ...(detail && { detail }) }
  const names = sentence?.matchAll(PARAMETER) ?? []
  if ([...names].some(([, name = '']) => !(name in values))) return undefined
  return sentence?.replace(PARAMETER, (_, name: string) => shown(name, values[name] ?? ''))
}

function shown(name: string, value: string | number): string {
  if (typeof value === 'string') return value
  return name.endsWith('bytes') ? formatBytes(value) : formatCount(value)
}
