import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'

import { type ChatPage, COLOURS } from '../chat-page'
import { expect, test } from './fixture'

const OPEN_ALL = 'details:not([open]) > summary'

async function openAll({ turn }: ChatPage): Promise<void> {
  for (const summary of await turn.locator(OPEN_ALL).all())
    if (await summary.isVisible()) await summary.click()
}

async function violations(axe: AxeBuilder): Promise<[string, string[]][]> {
  const { violations: found } = await axe.analyze()
  return found.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])
}

function shot(page: Page, name: string, colorScheme: string): Promise<Buffer> {
  const path = `../artifacts/screenshots/${name}-${colorScheme}-${test.info().project.name}.png`
  return page.screenshot({ path, fullPage: name === 'opened' })
}

const STATES: Record<string, (chat: ChatPage) => Promise<void>> = {
  capabilities: () => Promise.resolve(),
  answered: (chat) => chat.askAndWait('How many loans were there each month?'),
  opened: async (chat) => {
    await chat.askAndWait('repair')
    await openAll(chat)
    await openAll(chat)
  },
  table: async (chat) => {
    await chat.askAndWait('Which branches lend the most?')
    await chat.turn.getByRole('button', { name: 'Table' }).click()
  },
  number: (chat) => chat.askAndWait('How many loans were there in total?'),
  refused: (chat) => chat.askAndWait('What was the weather like?', 'refused'),
  clarifying: (chat) => chat.askAndWait('How many active members?', 'clarifying'),
  failed: (chat) => chat.askAndWait('break', 'failed'),
  working: (chat) => chat.askAndWait('slow: loans each month', 'working'),
  dialog: async (chat) => {
    await chat.askAndWait('How many loans were there in total?')
    await chat.page.getByRole('button', { name: 'About the data' }).click()
  },
}

for (const [name, reach] of Object.entries(STATES)) {
  test(`axe finds nothing by day or by night: ${name}`, async ({ chat, page, isMobile }) => {
    await reach(chat)
    if (name === 'answered' || name === 'opened') await chat.chartIsDrawn()
    await shot(page, name, 'light')
    expect(await violations(new AxeBuilder({ page }))).toEqual([])
    if (isMobile) return // Its colours are those of the wide page.
    await page.emulateMedia({ colorScheme: 'dark' })
    await shot(page, name, 'dark')
    expect(await violations(new AxeBuilder({ page }).withRules(COLOURS))).toEqual([])
  })
}
