import type { Preferences } from './preferences.svelte'

/** Overrides the system's theme on the whole page; the tokens follow `color-scheme`. */
export function applyTheme(theme: Preferences['theme']): void {
  const { documentElement } = document
  if (theme === 'system') delete documentElement.dataset.theme
  else documentElement.dataset.theme = theme
  const ground = getComputedStyle(document.body).backgroundColor
  for (const bar of document.querySelectorAll('meta[name=theme-color]'))
    bar.setAttribute('content', ground)
}
