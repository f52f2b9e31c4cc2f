import { preferences } from '../preferences/preferences.svelte'
import { en } from './console/en'
import { hi } from './console/hi'

export type ConsoleCatalogue = typeof en

const CATALOGUES = { en, hi }

/** The console's strings in the reader's language. */
export function consoleWords(): ConsoleCatalogue {
  return CATALOGUES[preferences().language]
}
