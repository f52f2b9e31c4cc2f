import type { Problem } from './schemas'

/** The service refused a request before any event: `problem` is safe to show. */
export class ServiceError extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(problem.detail ?? problem.title ?? `The service answered ${String(status)}.`)
    this.name = 'ServiceError'
  }
}

/** The service could not be reached, or the connection ended before the run did. */
export class ConnectionError extends Error {
  constructor(readonly kind: 'unreachable' | 'cut') {
    super(`The connection is ${kind}.`)
    this.name = 'ConnectionError'
  }
}

/** Reads a failed response; a body that is not a problem document is left aside. */
export async function toServiceError(response: Response): Promise<ServiceError> {
  const isProblem = response.headers.get('content-type')?.includes('json') ?? false
  const body: unknown = isProblem ? await response.json().catch(() => ({})) : {}
  return new ServiceError(response.status, body as Problem)
}
