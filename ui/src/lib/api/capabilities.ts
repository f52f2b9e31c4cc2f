import { ConnectionError, toServiceError } from './errors'
import type { Capabilities } from './schemas'

/** What the data covers and which questions to begin with. */
export async function fetchCapabilities(baseUrl = ''): Promise<Capabilities> {
  let response: Response
  try {
    response = await fetch(`${baseUrl}/capabilities`, { headers: { accept: 'application/json' } })
  } catch {
    throw new ConnectionError('unreachable')
  }
  if (!response.ok) throw await toServiceError(response)
  return (await response.json()) as Capabilities
}
