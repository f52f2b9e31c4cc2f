/** How this reader wants the page: kept in this browser, and nowhere else. */

const KEY = 'vtion.preferences.1'

export const LANGUAGES = ['en', 'hi'] as const
export const NUMBERINGS = ['indian', 'international'] as const
export const THEMES = ['system', 'light', 'dark'] as const

export interface Preferences {
  language: (typeof LANGUAGES)[number]
  /** How digits are grouped and large numbers are shortened: 12,34,567 and 1.2 Cr, or 1,234,567 and 1.2M. */
  numbering: (typeof NUMBERINGS)[number]
  theme: (typeof THEMES)[number]
}

const languagesOfBrowser = (): readonly string[] =>
  typeof navigator === 'undefined' ? [] : (navigator.languages as readonly string[] | undefined) ?? []

/** India by the browser's region or by its clock: most browsers there are set to American English. */
function isInIndia(): boolean {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  return /^Asia\/(Kolkata|Calcutta)$/.test(timeZone) || (languagesOfBrowser()[0] ?? '').endsWith('-IN')
}

function defaults(): Preferences {
  const [first = 'en'] = languagesOfBrowser()
  return {
    language: first.startsWith('hi') ? 'hi' : 'en',
    numbering: isInIndia() ? 'indian' : 'international',
    theme: 'system',
  }
}

function kept(): Partial<Preferences> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Preferences>
  } catch {
    return {}
  }
}

function valid({ language, numbering, theme }: Preferences, otherwise: Preferences): Preferences {
  return {
    language: LANGUAGES.includes(language) ? language : otherwise.language,
    numbering: NUMBERINGS.includes(numbering) ? numbering : otherwise.numbering,
    theme: THEMES.includes(theme) ? theme : otherwise.theme,
  }
}

let current: Preferences = $state.raw(valid({ ...defaults(), ...kept() }, defaults()))

export function preferences(): Preferences {
  return current
}

/** Only what was chosen is kept: the rest goes on following the browser. */
export function prefer(choice: Partial<Preferences>): void {
  current = { ...current, ...choice }
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...kept(), ...choice }))
  } catch {
    // A forbidden storage costs the memory of the choice, not the choice.
  }
}

/** The locale of dates and words. */
export function textLocale(): string {
  const { language } = current
  const regional = languagesOfBrowser().find((tag) => tag.startsWith(`${language}-`))
  return regional ?? (language === 'hi' ? 'hi-IN' : 'en-GB')
}

/** The locale of figures. */
export function numberLocale(): string {
  const { language, numbering } = current
  return numbering === 'indian' ? `${language}-IN-u-nu-latn` : 'en'
}
