/** Whether the service can be reached, as the browser and the last streams know. */
const BACK_SHOWN_MS = 3000

export type ConnectionState = 'fine' | 'offline' | 'reconnecting' | 'back'

class Connection {
  state: ConnectionState = $state('fine')

  /** Follows the browser's own word until `signal`. */
  watch(signal: AbortSignal): void {
    if (!navigator.onLine) this.state = 'offline'
    addEventListener('offline', () => { this.state = 'offline' }, { signal })
    addEventListener('online', () => { this.#comeBack() }, { signal })
  }

  /** A stream was cut and is being taken up again. */
  isLost(): void {
    if (this.state !== 'offline') this.state = 'reconnecting'
  }

  /** An answer came from the service. */
  isFound(): void {
    if (this.state === 'offline' || this.state === 'reconnecting') this.#comeBack()
  }

  #comeBack(): void {
    this.state = 'back'
    setTimeout(() => {
      if (this.state === 'back') this.state = 'fine'
    }, BACK_SHOWN_MS)
  }
}

export const connection = new Connection()
