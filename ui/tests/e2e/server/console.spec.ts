import { readFileSync } from 'node:fs'

import AxeBuilder from '@axe-core/playwright'
import { type Page, expect, test } from '@playwright/test'

import { COLOURS, ChatPage, ONCE, watchBreaches } from '../chat-page'

const QUESTION = 'Number of sessions per month'
const SECTIONS = ['Runs', 'Usage', 'Feedback', 'Logs', 'Audit trail', 'Model', 'Data dictionary', 'Verified queries', 'Prompts', 'Evals']

async function enter(page: Page, section: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: section, exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(section)
}

async function opened(page: Page): Promise<void> {
  const chat = new ChatPage(page)
  await chat.open('/')
  await chat.askAndWait(QUESTION)
  await page.getByRole('link', { name: 'Console' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Runs')
}

function shot(page: Page, section: string, colorScheme: string): Promise<Buffer> {
  const name = section.toLowerCase().replaceAll(' ', '-')
  return page.screenshot({ path: `../artifacts/screenshots/console-${name}-${colorScheme}-${test.info().project.name}.png` })
}

test('every view of the console opens, fits the window, and axe finds nothing by day or by night', async ({ page, baseURL, isMobile }) => {
  test.slow()
  const breaches = watchBreaches(page, baseURL ?? '')
  await opened(page)
  for (const section of SECTIONS) {
    await enter(page, section)
    await expect(page.getByText('Loading…').filter({ visible: true })).toHaveCount(0)
    await expect(page.getByRole('alert')).toHaveCount(0)
    expect(await new ChatPage(page).overflows()).toBe(false)
    await shot(page, section, 'light')
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
    if (isMobile) continue // Its colours are those of the wide page.
    await page.emulateMedia({ colorScheme: 'dark' })
    await shot(page, section, 'dark')
    expect((await new AxeBuilder({ page }).withRules(COLOURS).analyze()).violations).toEqual([])
    await page.emulateMedia({ colorScheme: 'light' })
  }
  expect(breaches).toEqual([])
})

test('runs are found by their words and replayed event by event', async ({ page }) => {
  await opened(page)
  await page.getByRole('searchbox', { name: 'Words of the question' }).fill('sessions')
  await page.getByRole('combobox', { name: 'Status' }).selectOption('answered')
  await page.getByRole('button', { name: 'Filter' }).click()
  const run = page.getByRole('link', { name: QUESTION }).first()
  await expect(run).toBeVisible()
  await page.getByRole('combobox', { name: 'Status' }).selectOption('failed')
  await page.getByRole('searchbox', { name: 'Words of the question' }).fill('no such words anywhere')
  await page.getByRole('button', { name: 'Filter' }).click()
  await expect(page.getByText('Nothing here yet.')).toBeVisible()

  await page.getByRole('combobox', { name: 'Status' }).selectOption('')
  await page.getByRole('searchbox', { name: 'Words of the question' }).fill('')
  await page.getByRole('button', { name: 'Filter' }).click()
  await run.press('Enter')
  await expect(page.getByText('Where the time went')).toBeVisible()
  await expect(page.getByText('run_ended')).toBeVisible()
  await page.getByRole('button', { name: 'Replay the event log' }).click()
  const position = page.getByRole('slider', { name: 'Position in the event log' })
  await expect(position).toBeEnabled()
  await expect(page.getByText(/Event (\d+) of \1 · /)).toBeVisible()
  await position.press('Home')
  await position.press('ArrowRight')
  await expect(page.getByRole('group', { name: 'The event as it was sent' })).toContainText('RUN_STARTED')
  await page.getByRole('button', { name: 'Play', exact: true }).click()
  await expect(page.getByText(/Event (\d+) of \1 · /)).toBeVisible({ timeout: 30_000 })
  await page.screenshot({ path: `../artifacts/screenshots/console-run-${test.info().project.name}.png`, fullPage: true })
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
})

test('usage is drawn by day, user and model', ONCE, async ({ page }) => {
  await opened(page)
  await enter(page, 'Usage')
  await expect(page.getByRole('img', { name: /Runs by day/ })).toHaveAttribute('data-drawing', 'drawn')
  await page.getByRole('combobox', { name: 'Measure' }).selectOption('tokens')
  await expect(page.getByRole('img', { name: /Tokens by model/ })).toBeVisible()
})

test('older log lines are shown page by page', ONCE, async ({ page, request }) => {
  // Each request leaves a line, and a page has a hundred.
  await Promise.all(Array.from({ length: 110 }, () => request.get('/readyz')))
  await page.goto('/#/console/logs')
  const lines = page.getByRole('group', { name: 'Logs' }).getByRole('row')
  await expect(lines).toHaveCount(101)
  await page.getByRole('button', { name: 'Show more' }).click()
  await expect(lines).not.toHaveCount(101)
  expect(await lines.count()).toBeGreaterThan(101)
})

test('a model is tried before it is switched to', ONCE, async ({ page }) => {
  await opened(page)
  await enter(page, 'Model')
  await expect(page.getByText('embedded', { exact: true })).toBeVisible()
  await page.getByRole('textbox', { name: /embedded/ }).fill('embedded')
  await page.getByRole('button', { name: 'Try it' }).click()
  await expect(page.getByText('It answers.')).toBeVisible()
  await page.getByRole('button', { name: 'Switch to it' }).click()
  await expect(page.getByText('embedded answers from the next question on')).toBeVisible()
  await enter(page, 'Audit trail')
  await expect(page.getByText('config.llm').first()).toBeVisible()
})

test('the dictionary is reviewed line by line, and built anew with what people said', ONCE, async ({ page }) => {
  test.slow()
  await opened(page)
  await enter(page, 'Data dictionary')
  const said = `Catalogue of apps, seen ${String(Date.now())}.`
  await page.getByRole('searchbox', { name: 'Table' }).fill('apps')
  await page.getByRole('combobox', { name: 'Lines' }).selectOption('all')
  await page.getByRole('button', { name: 'Filter' }).click()
  const line = page.getByRole('row').filter({ has: page.getByText('apps · description', { exact: true }) })
  await line.getByRole('button', { name: 'Correct' }).click()
  await page.getByRole('textbox', { name: 'Says' }).fill(said)
  await expect(page.getByRole('group', { name: 'Compare' })).toContainText(said)
  await page.screenshot({ path: `../artifacts/screenshots/console-review-${test.info().project.name}.png`, fullPage: true })
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(line).toContainText(said)
  await expect(line).toContainText('local user')

  await page.getByRole('button', { name: 'Build anew' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Build anew' }).click()
  await expect(page.getByText(/Version \S+ serves now\./).last()).toBeVisible({ timeout: 90_000 })
  await page.getByRole('button', { name: 'Filter' }).click()
  await expect(line).toContainText(said)
})

test('a query is proposed, approved and taken out', ONCE, async ({ page }) => {
  await opened(page)
  await enter(page, 'Verified queries')
  const question = `How many apps are there, ${String(Date.now())}?`
  await page.getByText('Propose a query').first().click()
  await page.getByRole('textbox', { name: 'Question' }).fill(question)
  await page.getByRole('textbox', { name: 'SQL' }).fill('SELECT COUNT(*) AS apps FROM apps')
  await page.getByRole('button', { name: 'Propose a query' }).click()
  const query = page.locator('section').filter({ hasText: question })
  await query.getByRole('button', { name: 'Approve' }).click()
  await query.getByRole('button', { name: 'Take out' }).click()
  await expect(query).toHaveCount(0)
})

test('a label is pointed to a prompt version and rolled back', ONCE, async ({ page }) => {
  await opened(page)
  await enter(page, 'Prompts')
  await page.getByRole('link', { name: 'draft_sql' }).click()
  const label = `trial-${String(Date.now())}`
  const version = page.getByRole('combobox', { name: 'Versions' })
  await expect(version.getByRole('option')).not.toHaveCount(0)
  const versions = await version.getByRole('option').allTextContents()
  for (const one of versions.slice(0, 2)) {
    await page.getByRole('textbox', { name: 'Label' }).fill(label)
    await version.selectOption(one)
    await page.getByRole('button', { name: 'Point label' }).press('Enter')
    await expect(page.getByText(`${label} points to ${one} now.`)).toBeVisible()
  }
  await page.getByRole('button', { name: `Roll ${label} back to ${versions[0] ?? ''}` }).press('Enter')
  await expect(page.getByText(`${label} points to ${versions[0] ?? ''} now.`)).toBeVisible()
})

test('prompt versions are compared', ONCE, async ({ page }) => {
  await opened(page)
  await enter(page, 'Prompts')
  await page.getByRole('link', { name: 'draft_sql' }).click()
  await expect(page.getByRole('group', { name: 'Compare' }).getByRole('row').nth(3)).toBeVisible()
  await expect(page.getByText('production', { exact: true })).toBeVisible()
  await page.getByRole('textbox', { name: 'Question' }).fill(QUESTION)
  await page.getByRole('button', { name: 'Ask both' }).click()
  await expect(page.locator('article[data-phase=answered]')).toHaveCount(2)
})

test('a dictionary goes out to a spreadsheet, comes back edited, and says what changed in the data', ONCE, async ({ page }) => {
  await opened(page)
  await enter(page, 'Data dictionary')
  const leaving = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export for a spreadsheet' }).click()
  const path = await (await leaving).path()
  const sheet = readFileSync(path, 'utf8')
  const edited = sheet.replace(/^apps,,("[^"]*"|[^,]*)/m, `apps,,"Every app, ₹ and all, ${String(Date.now())}."`)
  expect(edited).not.toBe(sheet)
  await page.getByLabel('Import an edited export').setInputFiles({
    name: 'dictionary.csv', mimeType: 'text/csv', buffer: Buffer.from(`\ufeff${edited}`, 'utf16le'),
  })
  await expect(page.getByRole('status').filter({ hasText: 'Lines changed: 1' })).toBeVisible()
  await page.locator('summary', { hasText: 'What changed in the data' }).click()
  await expect(page.getByRole('group', { name: 'What changed in the data' })).toBeVisible()
  await page.screenshot({ path: `../artifacts/screenshots/console-files-${test.info().project.name}.png`, fullPage: true })
})
