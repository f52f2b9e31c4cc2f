import './styles/tokens.css'
import './styles/base.css'

import { mount } from 'svelte'

import App from './App.svelte'
import { preferences } from './lib/preferences/preferences.svelte'
import { applyTheme } from './lib/preferences/theme'
import { comeBack } from './lib/session/come-back'
import { speak } from './lib/strings/language.svelte'

async function start(): Promise<void> {
  const target = document.getElementById('app')
  if (!target) throw new Error('The page has no #app element.')
  applyTheme(preferences().theme)
  await speak(preferences().language)
  await comeBack()
  mount(App, { target })
}

// Not awaited: what is loaded meanwhile imports this file, and would wait for it.
void start()

/** What the first question will need is fetched while the reader thinks. */
const whenIdle = 'requestIdleCallback' in globalThis ? requestIdleCallback : setTimeout
whenIdle(() => {
  void import('./components/ConversationView.svelte').catch(() => undefined)
  void import('./lib/conversation/take-up').catch(() => undefined)
})
