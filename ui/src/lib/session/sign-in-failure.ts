/** Why somebody is not signed in, by a name that the catalogue has a sentence for. */
export type SignInFault = 'unreachable' | 'misconfigured' | 'stale' | 'denied' | 'refused' | 'expired'

export class SignInFailure extends Error {
  constructor(
    readonly fault: SignInFault,
    options?: ErrorOptions,
  ) {
    super(`The sign-in is ${fault}.`, options)
    this.name = 'SignInFailure'
  }
}
