import { request } from './client'
import type { Capabilities } from './schemas'

/** What the data covers and which questions to begin with. */
export function fetchCapabilities(baseUrl = ''): Promise<Capabilities> {
  return request<Capabilities>('/capabilities', { baseUrl })
}
