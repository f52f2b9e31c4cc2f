/** Who reads this page: in this tab only, and gone with it. */
const KEY = 'vtion.token'

export type Role = 'analyst' | 'prompt_engineer' | 'evaluator' | 'admin'

class Session {
  /** The service turned a request away for want of a sign-in. */
  isSignedOut = $state(false)
  roles: Role[] = $state.raw([])
  userId = $state('')
  mayEditSql = $state(false)

  get token(): string {
    return typeof sessionStorage === 'undefined' ? '' : (sessionStorage.getItem(KEY) ?? '')
  }

  signIn(token: string): void {
    sessionStorage.setItem(KEY, token)
    location.reload()
  }

  /** What this reader asked goes with the sign-in. */
  signOut(): void {
    sessionStorage.clear()
    location.assign('/')
  }

  is(...roles: Role[]): boolean {
    return this.roles.includes('admin') || roles.some((role) => this.roles.includes(role))
  }
}

export const session = new Session()
