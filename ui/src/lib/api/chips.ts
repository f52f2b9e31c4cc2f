import { request } from './client'
import type { Chip, Chips } from './schemas'

/** The parts of a run's SQL that can be changed without writing SQL. */
export async function fetchChips(run: string): Promise<readonly Chip[]> {
  return (await request<Chips>(`/runs/${encodeURIComponent(run)}/chips`)).chips
}
