/** Who reads this page: in this tab only, and gone with it. */
import type { SignInFault } from './sign-in-failure'

const KEY = 'vtion.token'
const RENEWAL_KEY = 'vtion.renewal'

export type Role = 'analyst' | 'prompt_engineer' | 'evaluator' | 'admin'

class Session {
  /** The service turned a request away for want of a sign-in. */
  isSignedOut = $state(false)
  /** Why the last sign-in came to nothing; `refused` too for a key that the service does not take. */
  fault: SignInFault | null = $state(null)
  roles: Role[] = $state.raw([])
  userId = $state('')
  mayEditSql = $state(false)

  get token(): string {
    return kept(KEY)
  }

  /** What an issuer gives another token for; empty for a key. */
  get renewal(): string {
    return kept(RENEWAL_KEY)
  }

  keep(token: string, renewal: string): void {
    sessionStorage.setItem(KEY, token)
    sessionStorage.setItem(RENEWAL_KEY, renewal)
  }

  /** With an API key. */
  signIn(key: string): void {
    this.keep(key, '')
    location.reload()
  }

  /** The service does not take what this page has shown it, or wants to be shown something. */
  isTurnedAway(): void {
    if (isJwt(this.token)) this.fault ??= 'expired'
    this.isSignedOut = true
  }

  isFailed(error: unknown): void {
    const fault = (error as { fault?: SignInFault } | null)?.fault
    this.fault = fault ?? 'unreachable'
    this.isSignedOut = true
  }

  /** Whether there is a new token to ask with again. */
  async renew(): Promise<boolean> {
    if (!this.renewal) return false
    try {
      this.#renewing ??= import('./oidc').then(({ renew }) => renew())
      await this.#renewing
      return true
    } catch (error) {
      this.isFailed(error)
      return false
    } finally {
      this.#renewing = null
    }
  }

  /** What this reader asked goes with the sign-in; the issuer ends its session too. */
  async signOut(): Promise<void> {
    const { token, renewal } = this
    sessionStorage.clear()
    const end = renewal || isJwt(token) ? await endOfSession(token) : null
    location.assign(end ?? '/')
  }

  is(...roles: Role[]): boolean {
    return this.roles.includes('admin') || roles.some((role) => this.roles.includes(role))
  }

  #renewing: Promise<void> | null = null
}

function kept(key: string): string {
  return typeof sessionStorage === 'undefined' ? '' : (sessionStorage.getItem(key) ?? '')
}

function isJwt(token: string): boolean {
  return token.split('.').length === 3
}

/** An issuer that cannot be reached keeps its own session; this page's has ended. */
async function endOfSession(token: string): Promise<string | null> {
  try {
    return await (await import('./oidc')).endOfSession(token)
  } catch {
    return null
  }
}

export const session = new Session()
