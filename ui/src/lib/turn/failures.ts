/** Errors in the analyst's words. */
import { ConnectionError, ServiceError } from '../api/errors'
import { en } from '../strings/en'
import type { Failure } from './turn'

export function describeError(error: unknown): Failure {
  if (error instanceof ServiceError) return describeServiceError(error)
  if (error instanceof ConnectionError)
    return { code: error.kind, message: en.failure[error.kind], reference: '' }
  return { code: 'unexpected', message: en.failure.unexpected, reference: '' }
}

function describeServiceError({ status, problem }: ServiceError): Failure {
  return {
    code: problem.code ?? String(status),
    message: problem.detail ?? problem.title ?? en.failure.service,
    reference: problem.correlation_id ?? '',
  }
}
