/** The way back from the issuer: before anything of the page asks the service. */
import { session } from './session.svelte'

/** Signs in with what the issuer put into the address, and takes it out of there. */
export async function comeBack(): Promise<void> {
  const parameters = new URLSearchParams(location.search)
  if (!parameters.has('state') || !(parameters.has('code') || parameters.has('error'))) return
  let hash = ''
  try {
    hash = await (await import('./oidc')).complete()
  } catch (error) {
    session.isFailed(error)
  }
  history.replaceState(null, '', `/${hash}`)
}
