import { type Locator, type Page, expect, test } from '@playwright/test'

import { ChatPage, watchBreaches } from '../chat-page'

/** A question of the suites that come with the product, and SQL that does not answer it. */
const SUITE_QUESTION = 'How many panelists are there?'
const RIGHT = 'SELECT COUNT(*) AS panelists FROM panelists'
const WRONG = 'SELECT COUNT(*) AS panelists FROM apps'

let breaches: string[]

test.beforeEach(({ page, baseURL }) => { breaches = watchBreaches(page, baseURL ?? '') })
test.afterEach(() => { expect(breaches).toEqual([]) })

async function enter(page: Page, section: string, title: string): Promise<void> {
  await page.goto(`/#/console/${section}`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title)
}

async function propose(page: Page, question: string, sql: string): Promise<Locator> {
  const form = page.getByRole('textbox', { name: 'Question' })
  if (!(await form.isVisible())) await page.getByText('Propose a query').first().click()
  await form.fill(question)
  await page.getByRole('textbox', { name: 'SQL' }).fill(sql)
  await page.getByRole('button', { name: 'Propose a query' }).click()
  const query = page.locator('section').filter({ hasText: question }).filter({ has: page.getByRole('button', { name: 'Approve' }) })
  await expect(query).toContainText(sql.replace(/.* FROM/, 'FROM'))
  return query
}

test('a proposed query is rejected and gone', async ({ page }) => {
  await enter(page, 'verified', 'Verified queries')
  const query = await propose(page, 'How many apps were there once?', 'SELECT COUNT(*) AS apps FROM apps')
  await expect(page.getByRole('heading', { name: 'Waiting for review (1)' })).toBeVisible()
  await query.getByRole('button', { name: 'Reject' }).click()
  await expect(query).toHaveCount(0)
  await expect(page.getByText('A query that is proposed waits here')).toBeVisible()
  await enter(page, 'audit', 'Audit trail')
  await expect(page.getByRole('row').filter({ hasText: 'verified.remove' }).first()).toContainText('How many apps were there once?')
})

test('an approval asks the suites again, and says what it refused and why', async ({ page }) => {
  test.slow()
  await enter(page, 'verified', 'Verified queries')
  const wrong = await propose(page, SUITE_QUESTION, WRONG)
  await wrong.getByRole('button', { name: 'Approve' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Asking the samples of the suites' })).toBeVisible()
  await expect(wrong.getByRole('button', { name: 'Approve' })).toBeDisabled()
  const refusal = page.getByRole('alert')
  await expect(refusal).toContainText('This query is not approved', { timeout: 60_000 })
  await expect(refusal).toContainText(/samples fail that pass without it: \w+\/\S+/)
  await page.screenshot({ path: '../artifacts/screenshots/console-approval-refused.png' })

  // The same question with SQL that is right takes its place.
  const right = await propose(page, SUITE_QUESTION, RIGHT)
  await right.getByRole('button', { name: 'Approve' }).click()
  await expect(page.getByText(/^Approved\. \d+ samples? of the suites asked again: none is lost\.$/)).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('alert')).toHaveCount(0)
  const inUse = page.locator('section').filter({ hasText: SUITE_QUESTION })
  await inUse.getByRole('button', { name: 'Take out' }).click()
  await expect(inUse).toHaveCount(0)

  const forbidden = await propose(page, 'Away with the apps', 'DROP TABLE apps')
  await forbidden.getByRole('button', { name: 'Approve' }).click()
  await expect(page.getByRole('alert')).toContainText('This SQL is not allowed')
  await forbidden.getByRole('button', { name: 'Reject' }).click()
  await expect(forbidden).toHaveCount(0)
})

test('lines of the dictionary are approved and rejected', async ({ page }) => {
  await enter(page, 'context', 'Data dictionary')
  await page.getByRole('searchbox', { name: 'Table' }).fill('apps')
  await page.getByRole('button', { name: 'Filter' }).click()
  const line = (name: string) => page.getByRole('row').filter({ has: page.getByText(name, { exact: true }) })
  const [kept, dropped] = ['apps · description', 'apps · app_name · description']
  await expect(line(kept)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Approve' })).toBeDisabled()
  await line(kept).getByRole('checkbox').check()
  await page.getByRole('button', { name: 'Approve 1' }).click()
  await expect(page.getByText(/Version \S+ serves now\./).last()).toBeVisible()
  // A line that somebody has looked at is no longer among the open ones.
  await expect(line(kept)).toHaveCount(0)

  await line(dropped).getByRole('checkbox').check()
  await page.getByRole('button', { name: 'Reject 1' }).click()
  await expect(line(dropped)).toHaveCount(0)
  await page.getByRole('combobox', { name: 'Lines' }).selectOption('all')
  await page.getByRole('button', { name: 'Filter' }).click()
  await expect(line(kept)).toContainText('local user')
  await expect(line(dropped)).toContainText('local user')
  await enter(page, 'audit', 'Audit trail')
  for (const action of ['context.approve', 'context.reject'])
    await expect(page.getByRole('row').filter({ hasText: action }).first()).toContainText('apps')
})

test('a rated-down answer is dismissed, or taken with the SQL that is right', async ({ page }) => {
  const chat = new ChatPage(page)
  await chat.open('/')
  const now = String(Date.now())
  const said = (at: number): string => `Not what I meant at ${now}, ${String(at)}.`
  for (const at of [1, 2]) {
    await chat.askAndWait('How many apps are there?')
    await chat.turn.getByRole('button', { name: 'Bad answer' }).click()
    await chat.turn.getByRole('textbox', { name: /What is wrong/ }).fill(said(at))
    await chat.turn.getByRole('button', { name: 'Send comment' }).click()
    await expect(chat.turn.getByText('Your comment is with')).toBeVisible()
  }
  await enter(page, 'evals', 'Evals')
  const row = (at: number) => page.getByRole('row').filter({ hasText: said(at) })
  await row(1).getByRole('button', { name: /^Dismiss/ }).click()
  await expect(page.getByText('Dismissed.')).toBeVisible()
  await expect(row(1)).toHaveCount(0)

  await row(2).getByRole('button', { name: /^The right SQL for/ }).click()
  const editor = page.getByRole('textbox', { name: /^The right SQL for/ })
  await expect(editor).toContainText('SELECT')
  await page.screenshot({ path: '../artifacts/screenshots/console-gold.png' })
  const write = async (sql: string): Promise<void> => {
    await editor.press('ControlOrMeta+A')
    await editor.press('Delete')
    await page.keyboard.insertText(sql)
  }
  await write('DROP TABLE apps')
  await page.getByRole('button', { name: 'Make it a sample with this SQL' }).click()
  await expect(page.getByRole('alert')).toContainText('This SQL is not allowed')
  await write('SELECT COUNT(*) AS apps FROM apps')
  await page.getByRole('button', { name: 'Make it a sample with this SQL' }).click()
  await expect(page.getByText(/run-\w+ is in \S+production\.yaml now\./)).toBeVisible()
  await expect(row(2)).toHaveCount(0)
})
