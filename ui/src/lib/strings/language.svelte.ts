/** The catalogue in use. English is in the page; another language is loaded when it is chosen. */
import type { Preferences } from '../preferences/preferences.svelte'
import { en } from './en'

export type Catalogue = typeof en

const CATALOGUES: Record<Preferences['language'], () => Promise<Catalogue>> = {
  en: () => Promise.resolve(en),
  hi: async () => (await import('./hi')).hi,
}

let current: Catalogue = $state.raw(en)

export function words(): Catalogue {
  return current
}

/** Resolves when every string is in `language`; a catalogue that cannot be loaded leaves the old one. */
export async function speak(language: Preferences['language']): Promise<void> {
  try {
    current = await CATALOGUES[language]()
    document.documentElement.lang = language
  } catch {
    document.documentElement.lang = 'en'
  }
}
