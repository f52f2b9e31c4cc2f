import { expect, test } from './fixture'

test('Enter sends, Shift+Enter starts a line, an empty question is not sent', async ({ chat, page }) => {
  await chat.composer.fill('   ')
  await chat.composer.press('Enter')
  await expect(chat.turns).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Send' })).toBeDisabled()

  await chat.composer.fill('Which branches')
  await chat.composer.press('Shift+Enter')
  await chat.composer.pressSequentially('lend the most?')
  await chat.composer.press('Enter')
  await expect(chat.turn.getByRole('heading', { level: 2 })).toHaveText(/Which branches\s+lend the most\?/)
  await expect(chat.composer).toHaveValue('')
  await expect(chat.composer).toBeFocused()
})

test('stop ends the run and the question can be asked again', async ({ chat, page, service }) => {
  await chat.ask('replaced')
  await expect(chat.turn).toHaveAttribute('data-phase', 'working')
  await page.getByRole('button', { name: 'Stop' }).click()
  await chat.reaches('stopped')
  await chat.turn.getByRole('button', { name: 'Try again' }).click()
  await expect(chat.turn.getByText('9,999 loans')).toBeVisible()
  service.mock.goOn()
  await chat.reaches('answered')
  await expect(chat.turns).toHaveCount(1)
})

test('follow-ups go on in the same thread', async ({ chat, service }) => {
  await chat.askAndWait('How many loans were there in total?')
  await chat.turn.getByRole('button', { name: 'Which branches lend the most?' }).click()
  await expect(chat.turns).toHaveCount(2)
  await chat.reaches('answered')
  expect(service.mock.requests.at(-1)?.thread_id).toBe('thread-19c2')
  await expect(chat.turns.first().getByText('Ask next')).toHaveCount(0)
})

test('a reload keeps the chat; a new chat clears it', async ({ chat, page }) => {
  await chat.askAndWait('How many loans were there each month?')
  await page.reload()
  await expect(chat.turn.getByText('1,284,303 loans')).toBeVisible()
  await chat.chartIsDrawn()
  await page.getByRole('link', { name: 'New chat' }).click()
  await expect(page.getByRole('heading', { name: 'City library loans' })).toBeVisible()
  await expect(chat.composer).toBeFocused()
  await page.reload()
  await expect(chat.turns).toHaveCount(0)
})

test('a reload in mid-run takes the run up', async ({ chat, page, service }) => {
  await chat.ask('How many loans were there each month?')
  await expect(chat.turn).toHaveAttribute('data-phase', 'working')
  await page.reload()
  await chat.reaches('answered')
  await expect(chat.turn.getByText('1,284,303 loans')).toBeVisible()
  expect(service.mock.requests).toHaveLength(1)
})

test('the page follows the answer until the reader scrolls up', async ({ chat, page }) => {
  await chat.askAndWait('Which branches lend the most?')
  await chat.ask('How many loans were there each month?')
  await expect(chat.turn).toHaveAttribute('data-phase', 'working')
  await expect(chat.turn.getByRole('heading', { level: 2 })).toBeInViewport()

  await page.evaluate(() => { window.scrollBy(0, -400) })
  const top = await page.evaluate(() => window.scrollY)
  await expect(page.getByRole('button', { name: 'To the latest' })).toBeVisible()
  await chat.reaches('answered')
  expect(await page.evaluate(() => window.scrollY)).toBeLessThanOrEqual(top)

  await page.getByRole('button', { name: 'To the latest' }).click()
  await expect(chat.turn.getByRole('heading', { level: 2 })).toBeInViewport()
  await expect(page.getByRole('button', { name: 'To the latest' })).toBeHidden()
})

test('a screen reader hears "Working" and "Answer ready", never a word of the answer', async ({ chat, page }) => {
  await page.evaluate(() => {
    const region = document.querySelector('[role=status][aria-label=Answer]')
    const heard: string[] = []
    Object.assign(window, { heard })
    if (!region) return
    new MutationObserver(() => heard.push(region.textContent ?? '')).observe(region, {
      childList: true,
      characterData: true,
      subtree: true,
    })
  })
  await chat.askAndWait('How many loans were there each month?')
  await expect(page.getByRole('status', { name: 'Answer' })).toHaveText('Answer ready')
  const heard = await page.evaluate(() => (window as unknown as { heard: string[] }).heard)
  expect(heard).toEqual(['Working', 'Answer ready'])
})

test('the keyboard alone asks, opens, chooses and stops', async ({ chat, page, isMobile }) => {
  test.skip(isMobile, 'a phone has no Tab key')
  await page.keyboard.press('Tab')
  await expect(page.getByRole('button', { name: 'Skip to the question box' })).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('button', { name: 'Display' })).toBeFocused()
  for (const name of ['New chat', 'Search conversations']) {
    await page.keyboard.press('Tab')
    await expect(page.locator(':focus')).toHaveAccessibleName(name)
  }
  await page.keyboard.press('Tab')
  const example = page.getByRole('button', { name: 'How many loans were there each month?' })
  await expect(example).toBeFocused()
  await expect(example).toHaveCSS('outline-style', 'solid')
  await page.keyboard.press('Enter')
  await chat.reaches('answered')

  const timeline = chat.turn.locator('summary').first()
  await timeline.focus()
  await page.keyboard.press('Enter')
  await expect(chat.turn.getByText('Summing up')).toBeVisible()

  await page.getByRole('button', { name: 'About the data' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
})

test('a service that is away is said so, and tried again', async ({ page, service }) => {
  await page.route('**/capabilities', (route) => route.abort())
  await page.goto(service.url)
  await expect(page.getByRole('alert')).toContainText('cannot be reached')
  await page.unroute('**/capabilities')
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('heading', { name: 'City library loans' })).toBeVisible()
})
