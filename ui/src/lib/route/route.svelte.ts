/** Where the page stands, told by the part of the address after `#`, so that any host can serve it. */
export interface ChatRoute {
  view: 'chat'
  thread: string | null
  /** The run to look at, in a permalink. */
  run: string | null
}

export interface ConsoleRoute {
  view: 'console'
  section: string
  /** What is looked at in the section. */
  id: string | null
}

export type Route = ChatRoute | ConsoleRoute

export function parseRoute(hash: string): Route {
  const [view, first, second] = hash.replace(/^#\/?/, '').split('/').map(decode)
  if (view === 'console') return { view, section: first ?? '', id: second ?? null }
  if (view === 'threads' && first) return { view: 'chat', thread: first, run: second ?? null }
  return { view: 'chat', thread: null, run: null }
}

/** A part that was damaged on its way is taken as it stands. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

export const NEW_CHAT = '#/'
export const threadHash = (thread: string, run?: string): string =>
  ['#', 'threads', thread, ...(run ? [run] : [])].map(encodePart).join('/')
export const consoleHash = (section: string, id?: string): string =>
  ['#', 'console', section, ...(id ? [id] : [])].map(encodePart).join('/')

const encodePart = (part: string): string => (part === '#' ? part : encodeURIComponent(part))

export class Router {
  route: Route = $state.raw(parseRoute(location.hash))

  /** `onChange` is told of every change that a reader makes, not of `replace`. */
  watch(onChange: (route: Route) => void, signal: AbortSignal): void {
    const follow = (): void => {
      this.route = parseRoute(location.hash)
      onChange(this.route)
    }
    addEventListener('hashchange', follow, { signal })
  }

  go(hash: string): void {
    location.hash = hash
  }

  /** Names what is shown already. */
  replace(hash: string): void {
    history.replaceState(null, '', hash)
    this.route = parseRoute(hash)
  }
}
