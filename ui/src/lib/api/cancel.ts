import { send } from './client'

/** Asks the service to stop a run; its last event then says that it was. */
export async function cancelRun(run: string, baseUrl = ''): Promise<void> {
  await send(`/runs/${encodeURIComponent(run)}/cancel`, { method: 'POST', baseUrl })
}
