import { type Locator, type Page, expect, test } from '@playwright/test'

/** Presses Tab until `wanted` has the keyboard: what cannot be reached so fails. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let pressed = 0; pressed < 120; pressed += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement).catch(() => false)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Not to be reached by keyboard: ${String(wanted)}`)
}

async function press(page: Page, wanted: Locator, key = 'Enter'): Promise<void> {
  await expect(wanted).toBeVisible()
  await tabTo(page, wanted)
  // Where the keyboard is has to be seen.
  await expect(wanted).toHaveCSS('outline-style', /solid|auto/)
  await page.keyboard.press(key)
}

async function type(page: Page, wanted: Locator, text: string): Promise<void> {
  await expect(wanted).toBeVisible()
  await tabTo(page, wanted)
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.insertText(text)
}

async function enter(page: Page, title: string): Promise<void> {
  await press(page, page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: title, exact: true }))
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title)
}

test('one whole task in every view, from the question to the last sample, without a mouse', async ({ page }) => {
  test.setTimeout(240_000)
  await page.goto('/')
  const composer = page.getByRole('textbox', { name: 'Your question' })
  await press(page, page.getByRole('button', { name: 'Skip to the question box' }))
  await expect(composer).toBeFocused()
  await page.keyboard.insertText('Number of sessions per month')
  await page.keyboard.press('Enter')
  const turn = page.getByRole('article').last()
  await expect(turn).toHaveAttribute('data-phase', 'answered', { timeout: 60_000 })

  await test.step('the answer: another chart, its SQL, a rating', async () => {
    await press(page, turn.getByRole('button', { name: 'Bar chart' }))
    await expect(turn.getByRole('img')).toHaveAttribute('data-kind', 'bar')
    await press(page, turn.locator('summary').filter({ hasText: /Receipt/ }))
    await expect(turn.getByText('Rows in the result')).toBeVisible()
    await press(page, turn.getByRole('button', { name: 'Bad answer' }))
    await expect(turn.getByRole('textbox', { name: /What is wrong/ })).toBeFocused()
    await page.keyboard.insertText('By keyboard alone.')
    await press(page, turn.getByRole('button', { name: 'Send comment' }))
    await expect(turn.getByText('Your comment is with')).toBeVisible()
  })
  await test.step('runs: found and opened', async () => {
    await press(page, page.getByRole('link', { name: 'Console' }))
    await type(page, page.getByRole('searchbox', { name: 'Words of the question' }), 'sessions')
    await press(page, page.getByRole('button', { name: 'Filter' }))
    await press(page, page.getByRole('link', { name: 'Number of sessions per month' }).first())
    await press(page, page.getByRole('button', { name: 'Replay the event log' }))
    const position = page.getByRole('slider', { name: 'Position in the event log' })
    await expect(page.getByText(/Event (\d+) of \1/)).toBeVisible()
    await tabTo(page, position)
    await page.keyboard.press('Home')
    await expect(page.getByText(/Event 0 of/)).toBeVisible()
  })
  await test.step('usage: another measure', async () => {
    await enter(page, 'Usage')
    await tabTo(page, page.getByRole('combobox', { name: 'Measure' }))
    await page.keyboard.type('Tok')
    await expect(page.getByRole('img', { name: /Tokens by model/ })).toBeVisible()
  })
  await test.step('feedback and logs: filtered', async () => {
    await enter(page, 'Feedback')
    await tabTo(page, page.getByRole('combobox', { name: 'Rating' }))
    await page.keyboard.type('Bad')
    await press(page, page.getByRole('button', { name: 'Filter' }))
    await expect(page.getByRole('row').filter({ hasText: 'By keyboard alone.' }).first().getByRole('link')).toHaveText(/\S+ \S+/)
    await enter(page, 'Logs')
    await tabTo(page, page.getByRole('combobox', { name: 'Level' }))
    await page.keyboard.press('ArrowDown')
    await press(page, page.getByRole('button', { name: 'Filter' }))
  })
  await test.step('model: tried and switched to', async () => {
    await enter(page, 'Model')
    await type(page, page.getByRole('textbox', { name: /embedded/ }), 'embedded')
    await press(page, page.getByRole('button', { name: 'Try it' }))
    await expect(page.getByText('It answers.')).toBeVisible()
    await press(page, page.getByRole('button', { name: 'Switch to it' }))
    await expect(page.getByText('answers from the next question on')).toBeVisible()
    await enter(page, 'Audit trail')
    await expect(page.getByText('config.llm').first()).toBeVisible()
  })
  await test.step('dictionary: a line approved', async () => {
    await enter(page, 'Data dictionary')
    await type(page, page.getByRole('searchbox', { name: 'Table' }), 'purchases')
    await press(page, page.getByRole('button', { name: 'Filter' }))
    const line = page.getByRole('row').filter({ has: page.getByText('purchases · description', { exact: true }) })
    await press(page, line.getByRole('checkbox'), 'Space')
    await press(page, page.getByRole('button', { name: 'Approve 1' }))
    await expect(line).toHaveCount(0)
  })
  await test.step('verified queries: proposed and rejected', async () => {
    await enter(page, 'Verified queries')
    await press(page, page.locator('summary', { hasText: 'Propose a query' }))
    await type(page, page.getByRole('textbox', { name: 'Question' }), 'How many by keyboard?')
    await type(page, page.getByRole('textbox', { name: 'SQL' }), 'SELECT COUNT(*) AS apps FROM apps')
    await press(page, page.getByRole('button', { name: 'Propose a query' }))
    const query = page.locator('section').filter({ hasText: 'How many by keyboard?' })
    await press(page, query.getByRole('button', { name: 'Reject' }))
    await expect(query).toHaveCount(0)
  })
  await test.step('prompts: two versions compared', async () => {
    await enter(page, 'Prompts')
    await press(page, page.getByRole('link', { name: 'draft_sql' }))
    await tabTo(page, page.getByRole('combobox', { name: 'Right' }))
    await page.keyboard.press('ArrowUp')
    await expect(page.getByRole('group', { name: 'Compare' })).toBeVisible()
  })
  await test.step('evals: a rated-down answer becomes a sample', async () => {
    await enter(page, 'Evals')
    const row = page.getByRole('row').filter({ hasText: 'By keyboard alone.' }).first()
    await press(page, row.getByRole('button', { name: /^Make it a sample/ }))
    await expect(page.getByText(/run-\w+ is in \S+production\.yaml now\./)).toBeVisible()
  })
  await test.step('display: another theme, and back to the chat', async () => {
    await press(page, page.getByRole('button', { name: 'Display' }))
    await tabTo(page, page.getByRole('radio', { name: 'System' }))
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await expect(page.locator('html')).toHaveCSS('color-scheme', 'dark')
    await page.keyboard.press('Escape')
    await press(page, page.getByRole('link', { name: 'Back to the chat' }))
    await expect(composer).toBeVisible()
  })
})
