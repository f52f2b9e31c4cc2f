import { ONCE, recordArrivals } from '../chat-page'
import { expect, test } from './fixture'

test('the capabilities screen says what can be asked, and a click asks it', async ({ chat, page }) => {
  await expect(page.getByRole('heading', { name: 'City library loans' })).toBeVisible()
  await expect(page.getByText('Data up to 30 Jun 2025')).toBeVisible()
  await expect(page.getByText('Answers are totals and averages')).toBeVisible()
  expect(await chat.overflows()).toBe(false)

  await page.getByRole('button', { name: 'How many loans were there in total?' }).click()
  await chat.reaches('answered')
  await expect(chat.turn.getByText('1,284,303', { exact: true })).toBeVisible()
})

test('every step arrives before the answer, which is then whole', ONCE, async ({ page, service }) => {
  const arrivals = await recordArrivals(page)
  await page.goto(service.url)
  await page.getByRole('textbox').fill('slow: loans each month')
  await page.keyboard.press('Enter')

  const turn = page.getByRole('article')
  await expect(turn.getByText('Drafting SQL', { exact: true })).toBeVisible()
  service.mock.goOn()
  await expect(turn).toHaveAttribute('data-phase', 'answered')
  const order = await arrivals()
  expect(order.slice(0, 8)).toEqual([
    'receive_question',
    'retrieve_context',
    'draft_sql',
    'validate_sql',
    'execute_sql',
    'aggregate_rows',
    'synthesize_answer',
    'prose',
  ])
  expect(order).toContain('verify_answer')
  expect(order).toContain('chart')
})

test('the timeline is collapsed when done and opens on demand', async ({ chat }) => {
  await chat.askAndWait('How many loans were there each month?')
  const summary = chat.turn.getByText(/Worked for .* 9 steps/)
  await expect(chat.turn.getByText('Summing up')).toBeHidden()
  await summary.click()
  await expect(chat.turn.getByText('Summing up')).toBeVisible()
  await expect(chat.turn.getByText('Looking in loans, branches')).toBeVisible()
  await expect(chat.turn.getByText('6 rows came back')).toBeVisible()
})

test('each attempt at the SQL has its verdict in words', ONCE, async ({ chat }) => {
  await chat.askAndWait('repair')
  await chat.turn.getByText('2 attempts at the SQL').click()
  await expect(chat.turn.getByText('Attempt 1: Rejected')).toBeVisible()
  await expect(chat.turn.getByText('There is no column “borrowed_at”')).toBeVisible()
  await expect(chat.turn.getByText('Attempt 2: Passed every check')).toBeVisible()
  await expect(chat.turn.getByText('Drafting SQL, attempt 2')).toBeVisible()
})

test('the receipt shows what the answer rests on, and its SQL can be copied', async ({ chat, context, page }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await chat.askAndWait('How many loans were there each month?')
  await chat.receipt.click()
  await expect(chat.turn.getByText('1 Jan 2025 to 30 Jun 2025')).toBeVisible()
  await expect(chat.turn.getByText('run-7f3a')).toBeVisible()
  await expect(chat.turn.locator('.hljs-keyword').filter({ hasText: 'SELECT' }).last()).toBeVisible()
  await chat.turn.getByRole('button', { name: 'Copy', exact: true }).click()
  await expect(chat.turn.getByRole('button', { name: 'Copied' })).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("date_trunc('month'")
})

test('the chart is drawn in the colours of the page', async ({ chat }) => {
  await chat.askAndWait('How many loans were there each month?')
  await chat.chartIsDrawn()
  // Motion is reduced here, where colours were once read before they had changed.
  const near = await chat.chart.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const told = document.createElement('span')
    told.style.color = 'var(--text-muted)'
    document.body.append(told)
    const muted = (getComputedStyle(told).color.match(/\d+/g) ?? []).map(Number)
    told.remove()
    const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data
    const isNear = (at: number): boolean =>
      muted.reduce((off, part, channel) => off + Math.abs(part - Number(pixels?.[at + channel])), 0) < 40
    return Array.from({ length: canvas.width * canvas.height }, (_, at) => at * 4).filter(isNear).length
  })
  expect(near).toBeGreaterThan(20)
})

test('the chart is drawn, described, and has the same figures as a table', async ({ chat }) => {
  await chat.askAndWait('How many loans were there each month?')
  await chat.chartIsDrawn()
  await expect(chat.chart).toHaveAccessibleName(/Line chart: Loans by month, 6 points.*May 2025/)
  await expect(chat.turn.getByRole('cell', { name: '236,018' })).toBeAttached()
  await chat.turn.getByRole('button', { name: 'Table' }).click()
  await expect(chat.turn.getByRole('cell', { name: '236,018' })).toBeVisible()
  expect(await chat.overflows()).toBe(false)
})

test('a refusal gives its reason and what can be asked instead', async ({ chat }) => {
  await chat.askAndWait('What was the weather like?', 'refused')
  await expect(chat.turn.getByText('I cannot answer that')).toBeVisible()
  await chat.turn.getByRole('button', { name: 'Which branches lend the most?' }).click()
  await expect(chat.turns).toHaveCount(2)
  await chat.reaches('answered')
})

test('a clarification is answered by a button and the same run goes on', async ({ chat, service }) => {
  await chat.askAndWait('How many active members?', 'clarifying')
  await chat.turn.getByRole('button', { name: 'Came in' }).click()
  await chat.reaches('answered')
  await expect(chat.turns).toHaveCount(1)
  await expect(chat.turn.getByText('You chose: Came in')).toBeVisible()
  expect(service.mock.requests.at(-1)?.resume).toEqual({ run_id: 'run-7f3a', option_id: 'visit' })
})

test('prose that the verifier changed is replaced', ONCE, async ({ chat, service }) => {
  await chat.ask('replaced')
  await expect(chat.turn.getByText('9,999 loans')).toBeVisible()
  service.mock.goOn()
  await chat.reaches('answered')
  await expect(chat.turn.getByText('could not be confirmed')).toBeVisible()
  await expect(chat.turn.getByText('9,999 loans')).toBeHidden()
})

test('a stream that is cut is taken up, and nothing is lost', ONCE, async ({ chat, service }) => {
  await chat.askAndWait('cut')
  await expect(chat.turn.getByText('Back with')).toBeVisible()
  expect(service.mock.requests).toHaveLength(1)
})

test('the place in the queue is said until the question is worked on', ONCE, async ({ chat, service }) => {
  await chat.ask('queued')
  await expect(chat.turn.getByText('Waiting: number 3 in line')).toBeVisible()
  service.mock.goOn()
  await expect(chat.turn.getByText('Next in line')).toBeVisible()
  service.mock.goOn()
  await chat.reaches('answered')
  await expect(chat.turn.getByText('in line')).toHaveCount(0)
})

for (const [question, words] of [
  ['break', 'Reference 3f2c-91ab'],
  ['vanish', 'cannot be reached'],
  ['????', 'Ask in a sentence'],
] as const) {
  test(`the error of "${question}" is in plain words, and the next question works`, ONCE, async ({ chat }) => {
    await chat.askAndWait(question, 'failed')
    await expect(chat.turn.getByRole('alert')).toContainText(words)
    await chat.askAndWait('How many loans were there in total?')
  })
}

test('what a model writes can load, run and style nothing', ONCE, async ({ chat, page }) => {
  await chat.askAndWait('hostile')
  const prose = chat.turn.locator('.prose')
  await expect(prose.getByText('Before')).toBeVisible()
  await expect(prose.locator('img, iframe, script, style, form, input, [style], [onclick]')).toHaveCount(0)
  await expect(prose.getByText('click me')).not.toHaveAttribute('href', /javascript/)
  await expect(prose.getByRole('link', { name: 'a link' })).toHaveAttribute('rel', /noopener/)
  expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
})
