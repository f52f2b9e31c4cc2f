import { type Page, expect, test } from '@playwright/test'

import { ChatPage } from '../chat-page'

const SECTIONS = ['runs', 'usage', 'feedback', 'logs', 'audit', 'model', 'context', 'verified', 'prompts', 'evals']

async function picture(page: Page, name: string, fullPage = false): Promise<void> {
  await page.waitForTimeout(700)
  await page.screenshot({ path: `../artifacts/looks/${name}-${test.info().project.name}.png`, fullPage })
}

test.describe.configure({ mode: 'default', timeout: 240_000 })

test('the chat in its states', async ({ page, isMobile }) => {
  const chat = new ChatPage(page)
  await chat.open('/')
  await expect(page.getByRole('heading', { name: 'Try one of these' })).toBeVisible()
  await picture(page, 'start')

  await chat.askAndWait('Number of sessions per month')
  await chat.chartIsDrawn()
  await picture(page, 'answer')
  await chat.turn.locator('summary').first().click()
  await picture(page, 'steps')
  await chat.turn.locator('summary').first().click()

  await chat.askAndWait('Average session duration by city tier and gender')
  await chat.receipt.click()
  await picture(page, 'receipt', true)
  await chat.turn.getByRole('button', { name: 'Change', exact: true }).click()
  await expect(chat.turn.getByRole('combobox').first()).toBeVisible()
  await chat.turn.getByRole('button', { name: 'Run with changes' }).scrollIntoViewIfNeeded()
  await picture(page, 'chips')
  await chat.turn.getByRole('combobox', { name: 'measure 1' }).selectOption('highest')
  await chat.turn.getByRole('button', { name: 'Run with changes' }).click()
  await expect(chat.turns).toHaveCount(3)
  await chat.reaches('answered')
  await picture(page, 'rerun')

  await chat.askAndWait('How many sessions were there in total?')
  await picture(page, 'number')
  await chat.askAndWait('What is the boiling point of zirconium?', 'refused')
  await picture(page, 'refused')
  await chat.turn.getByRole('button', { name: 'Bad answer' }).click()
  await picture(page, 'feedback')

  if (isMobile) await page.getByRole('button', { name: 'Show conversations' }).click()
  const list = page.getByRole('navigation', { name: 'Conversations' })
  await list.getByRole('searchbox').fill('sessions')
  await expect(list.getByRole('link').first()).toBeVisible()
  await picture(page, 'search')
  if (isMobile) await page.getByRole('dialog', { name: 'Conversations' }).getByRole('button', { name: 'Close' }).click()
  await page.getByRole('button', { name: 'Display' }).click()
  await picture(page, 'display')
  await page.getByRole('dialog', { name: 'Display' }).getByLabel('हिन्दी').check()
  await page.keyboard.press('Escape')
  await picture(page, 'hindi')
})

test('every view of the console', async ({ page, request }) => {
  await page.goto('/')
  for (const section of SECTIONS) {
    await page.goto(`/#/console/${section}`)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(page.getByText('Loading…').filter({ visible: true })).toHaveCount(0)
    await picture(page, `console-${section}`)
  }
  const { runs } = (await (await request.get('/admin/runs')).json()) as { runs: { run_id: string }[] }
  await page.goto(`/#/console/runs/${runs.at(-1)?.run_id ?? ''}`)
  await page.getByRole('button', { name: 'Replay the event log' }).click()
  await expect(page.getByText(/Event (\d+) of \1/)).toBeVisible()
  await picture(page, 'console-run', true)
  await page.goto('/#/console/prompts/draft_sql')
  await expect(page.getByRole('group', { name: 'Compare' })).toBeVisible()
  await picture(page, 'console-prompt')
})
