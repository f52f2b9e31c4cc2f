import AxeBuilder from '@axe-core/playwright'
import { type Page, expect, test } from '@playwright/test'

import { ChatPage, ONCE, watchBreaches } from '../chat-page'

const QUESTION = 'Number of sessions per month'
/** Pairs every session with every other of its month: minutes of work for the warehouse. */
const SLOW = `SELECT COUNT(*) AS pairs
FROM app_sessions AS a
JOIN app_sessions AS b ON a.month = b.month AND a.duration_seconds < b.duration_seconds`

async function opened(page: Page): Promise<ChatPage> {
  const chat = new ChatPage(page)
  await chat.open('/')
  await chat.askAndWait(QUESTION)
  return chat
}

async function editSql(chat: ChatPage, sql: string): Promise<void> {
  await chat.receipt.click()
  await chat.turn.getByRole('button', { name: 'Edit', exact: true }).click()
  await expect(chat.turn.getByRole('textbox', { name: 'Edited SQL' })).toBeFocused()
  await chat.page.keyboard.press('ControlOrMeta+A')
  await chat.page.keyboard.press('Delete')
  await chat.page.keyboard.insertText(sql)
  // A phone has no Control key.
  if (test.info().project.name === 'phone') await chat.turn.getByRole('button', { name: 'Run', exact: true }).click()
  else await chat.page.keyboard.press('Control+Enter')
}

test('edited SQL is run again without a model, and guarded like any other', async ({ page, baseURL }) => {
  const breaches = watchBreaches(page, baseURL ?? '')
  const chat = await opened(page)
  await editSql(chat, 'SELECT COUNT(*) AS all_sessions FROM app_sessions')
  await expect(chat.turns).toHaveCount(2)
  await chat.reaches('answered')
  await expect(chat.turn.locator('.prose')).toContainText('1,657,807')
  await expect(chat.turn.getByText('Run again with changed SQL')).toBeVisible()

  await editSql(chat, 'DELETE FROM app_sessions')
  await expect(chat.turns).toHaveCount(3)
  await chat.reaches('refused')
  expect(breaches).toEqual([])
})

test('assumption chips are changed and run again without a model', async ({ page }) => {
  const chat = new ChatPage(page)
  await chat.open('/')
  await chat.askAndWait('Top 10 apps by weighted reach in September 2026')
  await chat.receipt.click()
  await chat.turn.getByRole('button', { name: 'Change', exact: true }).click()
  await expect(chat.turn.getByRole('button', { name: 'Run with changes' })).toBeDisabled()
  await chat.turn.getByRole('textbox', { name: /^first/ }).fill('3')
  await page.screenshot({ path: `../artifacts/screenshots/server-chips-${test.info().project.name}.png`, fullPage: true })
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  await chat.turn.getByRole('button', { name: 'Run with changes' }).click()
  await expect(chat.turns).toHaveCount(2)
  await chat.reaches('answered')
  await expect(chat.turn.getByRole('row')).toHaveCount(4)
  await chat.receipt.click()
  await expect(chat.turn.getByText('Run again with first 3')).toBeVisible()
  await expect(chat.turn.getByRole('listitem').filter({ hasText: 'first 3' })).toBeVisible()
  await page.reload()
  await expect(chat.turns).toHaveCount(2)
  await expect(chat.turn.getByText('Run again with first 3')).toBeVisible()
})

test('what is measured and how it is split is changed without a model', async ({ page }) => {
  const chat = new ChatPage(page)
  await chat.open('/')
  await chat.askAndWait('Average session duration by city tier and gender')
  await chat.receipt.click()
  await chat.turn.getByRole('button', { name: 'Change', exact: true }).click()
  await chat.turn.getByRole('combobox', { name: 'measure 1' }).selectOption('highest')
  await chat.turn.getByRole('combobox', { name: 'split by 1' }).first().selectOption('age_band')
  await chat.turn.getByRole('button', { name: 'Remove: split by gender' }).click()
  await chat.turn.getByRole('combobox', { name: 'also split by 1' }).selectOption('network_type')
  await page.screenshot({ path: `../artifacts/screenshots/server-shape-${test.info().project.name}.png`, fullPage: true })
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  await chat.turn.getByRole('button', { name: 'Run with changes' }).click()
  await expect(chat.turns).toHaveCount(2)
  await chat.reaches('answered')
  await expect(chat.turn.getByText('Run again with measure highest duration seconds, split by age band, without split by gender, also split by network type')).toBeVisible()
  await chat.receipt.click()
  await expect(chat.turn.getByRole('listitem').filter({ hasText: 'by age band' })).toBeVisible()
  await expect(chat.turn.getByRole('listitem').filter({ hasText: 'by network type' })).toBeVisible()
  await expect(chat.turn.locator('code').filter({ hasText: 'MAX(' }).last()).toBeVisible()
  await page.screenshot({ path: `../artifacts/screenshots/server-shaped-${test.info().project.name}.png`, fullPage: true })
})

test('stop stops the statement in the service', ONCE, async ({ page, request }) => {
  const chat = await opened(page)
  await editSql(chat, SLOW)
  await expect(chat.turn.locator('[data-step=execute_sql]')).toBeAttached()
  const run = await chat.turn.getAttribute('data-run')
  await page.getByRole('button', { name: 'Stop' }).click()
  await chat.reaches('stopped')
  await expect.poll(async () => (await request.get(`/runs/${run ?? ''}`)).json()).toMatchObject({ status: 'cancelled' })
  await chat.askAndWait('How many sessions were there in total?')
})

test('a reload and a second device take up a run that goes on', ONCE, async ({ page, browser, baseURL }) => {
  const chat = await opened(page)
  await editSql(chat, SLOW)
  await expect(chat.turn.locator('[data-step=execute_sql]')).toBeAttached()
  await page.reload()
  await expect(chat.turns).toHaveCount(2)
  await expect(chat.turn).toHaveAttribute('data-phase', 'working')
  await expect(chat.turn.locator('[data-step=validate_sql]')).toBeAttached()

  const elsewhere = await browser.newContext({ baseURL })
  const other = new ChatPage(await elsewhere.newPage())
  await other.page.goto(page.url())
  await expect(other.turns).toHaveCount(2)
  await expect(other.turn.locator('[data-step=execute_sql]')).toBeAttached()
  await other.page.getByRole('button', { name: 'Stop' }).click()
  await other.reaches('stopped')
  await chat.reaches('stopped')
  await elsewhere.close()
})

test('a stream that breaks in mid-run is taken up and the answer is whole', ONCE, async ({ page, context }) => {
  const chat = await opened(page)
  await editSql(chat, SLOW)
  await expect(chat.turn.locator('[data-step=execute_sql]')).toBeAttached()
  await context.setOffline(true)
  await expect(page.getByText('You are offline.')).toBeVisible()
  await context.setOffline(false)
  await expect(page.getByText('Back online.')).toBeVisible()
  await expect(chat.turn).toHaveAttribute('data-phase', 'working')
  await page.getByRole('button', { name: 'Stop' }).click()
  await chat.reaches('stopped')
})

test('conversations are kept, searched, opened by a link and deleted', async ({ page, context, browser, baseURL, isMobile }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const chat = await opened(page)
  const title = `How many sessions in ${['April', 'May', 'June'][Date.now() % 3] ?? ''} 2026`
  await page.getByRole('link', { name: 'New chat' }).or(page.getByRole('button', { name: 'New chat' })).first().click()
  await chat.askAndWait(title)
  await chat.turn.getByRole('button', { name: 'Copy link' }).click()
  const link = await chat.copied(/^http/)
  const later = 'How many apps are there?'
  await chat.askAndWait(later)

  if (isMobile) await page.getByRole('button', { name: 'Show conversations' }).click()
  const list = page.getByRole('navigation', { name: 'Conversations' })
  await list.getByRole('searchbox').fill('APPS sessions')
  const inside = list.getByRole('link', { name: title }).first()
  await expect(inside).toContainText(later)
  await page.screenshot({ path: `../artifacts/screenshots/server-search-${test.info().project.name}.png` })
  await list.getByRole('searchbox').fill('no such words anywhere')
  await expect(list.getByText('No conversation matches.')).toBeVisible()
  await list.getByRole('searchbox').fill('sessions per month')
  await expect(list.getByRole('link', { name: title })).toHaveCount(0)
  await list.getByRole('link', { name: QUESTION }).first().click()
  await expect(chat.turn.getByRole('heading', { level: 2 })).toContainText(QUESTION)
  await expect(chat.turn.locator('.prose')).toContainText(/\d/)
  await chat.chartIsDrawn()

  const elsewhere = await browser.newContext({ baseURL })
  const other = new ChatPage(await elsewhere.newPage())
  await other.page.goto(link)
  await expect(other.turns.first().getByRole('heading', { level: 2 })).toContainText(title)
  await elsewhere.close()

  if (isMobile) await page.getByRole('button', { name: 'Show conversations' }).click()
  await list.getByRole('searchbox').fill(title)
  const entry = list.getByRole('listitem').filter({ has: page.getByTitle(title, { exact: true }) }).first()
  await entry.hover()
  await entry.getByRole('button', { name: /^Delete/ }).click()
  const asked = page.getByRole('dialog', { name: 'Delete this conversation?' })
  await asked.getByRole('button', { name: 'Delete' }).click()
  await expect(asked).toBeHidden()
  await page.goto(link)
  await page.reload()
  await expect(page.getByRole('alert')).toContainText('could not be shown')
})

test('an answer is rated with a comment', ONCE, async ({ page, request }) => {
  const chat = await opened(page)
  await chat.turn.getByRole('button', { name: 'Bad answer' }).click()
  await expect(chat.turn.getByRole('button', { name: 'Bad answer' })).toHaveAttribute('aria-pressed', 'true')
  await chat.turn.getByRole('textbox', { name: /What is wrong/ }).fill('August is missing.')
  await chat.turn.getByRole('button', { name: 'Send comment' }).click()
  await expect(chat.turn.getByText('Your comment is with')).toBeVisible()
  const thread = await request.get(new URL(page.url()).hash.slice(1))
  expect(await thread.json()).toMatchObject({ turns: [{ rating: 'down' }] })
  await page.reload()
  await expect(chat.turn.getByRole('button', { name: 'Bad answer' })).toHaveAttribute('aria-pressed', 'true')
})
