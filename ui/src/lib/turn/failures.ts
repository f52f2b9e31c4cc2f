/** Errors in the analyst's words. */
import { ConnectionError, ServiceError } from '../api/errors'
import { words } from '../strings/language.svelte'
import type { Failure } from './turn'

export function describeError(error: unknown): Failure {
  if (error instanceof ServiceError) return describeServiceError(error)
  if (error instanceof ConnectionError)
    return { code: error.kind, message: words().failure[error.kind], reference: '' }
  return { code: 'unexpected', message: words().failure.unexpected, reference: '' }
}

function describeServiceError({ status, problem }: ServiceError): Failure {
  return {
    code: problem.code ?? String(status),
    message: problem.detail ?? problem.title ?? words().failure.service,
    reference: problem.correlation_id ?? '',
  }
}
