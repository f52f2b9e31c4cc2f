import AxeBuilder from '@axe-core/playwright'

import type { ChatPage } from '../chat-page'
import { expect, test } from './fixture'

const OPEN_ALL = 'details:not([open]) > summary'

async function openAll({ turn }: ChatPage): Promise<void> {
  for (const summary of await turn.locator(OPEN_ALL).all())
    if (await summary.isVisible()) await summary.click()
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

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } })
    for (const [name, reach] of Object.entries(STATES)) {
      test(`axe finds nothing: ${name}`, async ({ chat, page, isMobile }) => {
        test.skip(
          isMobile && colorScheme === 'dark' && name !== 'answered',
          'the colours are those of the wide dark page',
        )
        await reach(chat)
        if (name === 'answered' || name === 'opened') await chat.chartIsDrawn()
        await page.screenshot({
          path: `../artifacts/screenshots/${name}-${colorScheme}-${test.info().project.name}.png`,
          fullPage: name === 'opened',
        })
        const { violations } = await new AxeBuilder({ page }).analyze()
        expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
      })
    }
  })
}
