/**
 * Sign-in at an OIDC issuer: authorization code with PKCE. Loaded when somebody signs in, comes
 * back from the issuer, or has a token to renew.
 *
 * The ID token is what the service is shown: it is issued for this client and always one that the
 * service can verify, which an access token of many issuers is not.
 */
import * as oauth from 'oauth4webapi'

import { request } from '../api/client'
import type { SignInMethod } from '../api/schemas'
import { SignInFailure, type SignInFault } from './sign-in-failure'
import { session } from './session.svelte'

const FLOW_KEY = 'vtion.sign-in'

/** What has to be the same when the browser comes back. */
interface Flow {
  state: string
  nonce: string
  verifier: string
  hash: string
}

interface Issuer {
  server: oauth.AuthorizationServer
  client: oauth.Client
  method: SignInMethod
  options: { [oauth.allowInsecureRequests]?: boolean }
}

const home = (): string => `${location.origin}/`

/** Sends the browser to the issuer. */
export async function begin(method: SignInMethod): Promise<void> {
  const { server, client } = await reach(method)
  if (!server.authorization_endpoint) throw new SignInFailure('misconfigured')
  const flow: Flow = {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
    hash: location.hash,
  }
  const url = new URL(server.authorization_endpoint)
  const asked = {
    response_type: 'code',
    client_id: client.client_id,
    redirect_uri: home(),
    scope: method.scope,
    state: flow.state,
    nonce: flow.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(flow.verifier),
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value)
  sessionStorage.setItem(FLOW_KEY, JSON.stringify(flow))
  location.assign(url)
}

/**
 * Takes what the issuer sent the browser back with, and returns where the reader had been.
 *
 * @throws SignInFailure
 */
export async function complete(): Promise<string> {
  const kept = sessionStorage.getItem(FLOW_KEY)
  sessionStorage.removeItem(FLOW_KEY)
  if (!kept) throw new SignInFailure('stale')
  const flow = JSON.parse(kept) as Flow
  const { server, client, options } = await reach(await request<SignInMethod>('/sign-in'))
  return named('refused', async () => {
    const parameters = oauth.validateAuthResponse(server, client, new URL(location.href), flow.state)
    const response = await oauth.authorizationCodeGrantRequest(
      server, client, oauth.None(), parameters, home(), flow.verifier, options,
    )
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
      expectedNonce: flow.nonce,
      requireIdToken: true,
    })
    session.keep(tokens.id_token ?? '', tokens.refresh_token ?? '')
    return flow.hash
  })
}

/**
 * Gets another token for the one that has expired.
 *
 * @throws SignInFailure
 */
export async function renew(): Promise<void> {
  const { server, client, options } = await reach(await request<SignInMethod>('/sign-in'))
  await named('expired', async () => {
    const response = await oauth.refreshTokenGrantRequest(
      server, client, oauth.None(), session.renewal, options,
    )
    const tokens = await oauth.processRefreshTokenResponse(server, client, response)
    if (!tokens.id_token) throw new SignInFailure('expired')
    session.keep(tokens.id_token, tokens.refresh_token ?? session.renewal)
  })
}

/** Where the issuer ends its own session; null where it says none. */
export async function endOfSession(token: string): Promise<string | null> {
  const { server, client } = await reach(await request<SignInMethod>('/sign-in'))
  if (!server.end_session_endpoint) return null
  const url = new URL(server.end_session_endpoint)
  // Cognito's own name for where to go on to is `logout_uri`.
  const asked = { id_token_hint: token, client_id: client.client_id, post_logout_redirect_uri: home(), logout_uri: home() }
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value)
  return url.href
}

async function reach(method: SignInMethod): Promise<Issuer> {
  const issuer = new URL(method.issuer)
  const isHere = issuer.hostname === '127.0.0.1' || issuer.hostname === 'localhost'
  const options = isHere ? { [oauth.allowInsecureRequests]: true } : {}
  return named('unreachable', async () => {
    const response = await oauth.discoveryRequest(issuer, options)
    const server = await oauth.processDiscoveryResponse(issuer, response)
    return { server, client: { client_id: method.client_id }, method, options }
  })
}

/** Gives an error of the library the name that the reader is told. */
async function named<Value>(fault: SignInFault, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof SignInFailure) throw error
    const isDenied = error instanceof oauth.AuthorizationResponseError && error.error === 'access_denied'
    throw new SignInFailure(isDenied ? 'denied' : fault, { cause: error })
  }
}
