import AxeBuilder from '@axe-core/playwright'
import { type APIRequestContext, expect, test } from '@playwright/test'

import { ChatPage, ONCE, recordArrivals, watchBreaches } from '../chat-page'

const NODES = [
  'retrieve_context',
  'draft_sql',
  'validate_sql',
  'execute_sql',
  'aggregate_rows',
  'synthesize_answer',
]

interface Covered {
  title: string
  examples: string[]
}

async function covered(request: APIRequestContext): Promise<Covered> {
  return (await (await request.get('/capabilities')).json()) as Covered
}

const shot = (name: string): string =>
  `../artifacts/screenshots/server-${name}-${test.info().project.name}.png`

test('the first screen says what can be asked', async ({ page, request, baseURL }) => {
  const breaches = watchBreaches(page, baseURL ?? '')
  const chat = new ChatPage(page)
  await chat.open('/')
  const { title, examples } = await covered(request)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title)
  for (const example of examples)
    await expect(page.getByRole('button', { name: example, exact: true })).toBeAttached()
  expect(await chat.overflows()).toBe(false)
  await page.screenshot({ path: shot('capabilities') })
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  expect(breaches).toEqual([])
})

test('each step of a question arrives before its answer', ONCE, async ({ page, request, baseURL }) => {
  const breaches = watchBreaches(page, baseURL ?? '')
  const arrivals = await recordArrivals(page)
  const { examples } = await covered(request)
  const chat = new ChatPage(page)
  await chat.open('/')
  await page.getByRole('button', { name: examples[0], exact: true }).click()
  await chat.reaches('answered')

  const order = await arrivals()
  const beforeAnswer = order.slice(0, order.indexOf('prose'))
  for (const node of NODES) expect(beforeAnswer).toContain(node)
  await expect(chat.turn.locator('.prose')).toContainText(/\d/)
  expect(breaches).toEqual([])
})

test('every example is answered, with a receipt, and charts are drawn', async ({ page, request }) => {
  test.slow()
  const { examples } = await covered(request)
  const chat = new ChatPage(page)
  await chat.open('/')
  let charts = 0
  for (const [at, example] of examples.entries()) {
    await chat.askAndWait(example)
    await expect(chat.receipt).toBeVisible()
    if ((await chat.chart.count()) > 0) {
      await chat.chartIsDrawn()
      charts += 1
    }
    expect(await chat.overflows()).toBe(false)
    await page.screenshot({ path: shot(`example-${String(at + 1)}`) })
  }
  expect(charts).toBeGreaterThan(0)
})

test('the receipt holds the SQL that ran', ONCE, async ({ page, request }) => {
  const { examples } = await covered(request)
  const chat = new ChatPage(page)
  await chat.open('/')
  await chat.askAndWait(examples[0] ?? '')
  await chat.receipt.click()
  await expect(chat.turn.locator('code').filter({ hasText: 'SELECT' }).last()).toBeVisible()
  await expect(chat.turn.getByText('Rows in the result')).toBeVisible()
  await page.screenshot({ path: shot('receipt'), fullPage: true })
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
})

test('what the data does not hold is refused with suggestions, and the next question works', ONCE, async ({ page, request }) => {
  const { examples } = await covered(request)
  const chat = new ChatPage(page)
  await chat.open('/')
  await chat.askAndWait('What is the boiling point of zirconium?', 'refused')
  await expect(chat.turn.locator('.prose')).not.toBeEmpty()
  await page.screenshot({ path: shot('refused') })
  await chat.askAndWait(examples[0] ?? '')
})

test('a question without a word is turned away in plain words', ONCE, async ({ page }) => {
  const chat = new ChatPage(page)
  await chat.open('/')
  await chat.askAndWait('🎈🎈🎈', 'failed')
  await expect(chat.turn.getByRole('alert')).toContainText('Something went wrong')
  await expect(chat.turn.getByRole('alert')).not.toContainText(/Traceback|Error:|\{/)
})

test('a reload keeps the conversation and its thread', ONCE, async ({ page, request }) => {
  const { examples } = await covered(request)
  const chat = new ChatPage(page)
  await chat.open('/')
  await chat.askAndWait(examples[0] ?? '')
  const first = page.waitForRequest('**/query')
  await page.reload()
  await expect(chat.turn.locator('.prose')).toContainText(/\d/)
  await chat.askAndWait(examples[1] ?? '')
  const { thread_id: thread } = (await first).postDataJSON() as { thread_id: string | null }
  expect(thread).not.toBeNull()
})
