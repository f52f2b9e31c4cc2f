import AxeBuilder from '@axe-core/playwright'
import { type Page, expect, test } from '@playwright/test'

import { ChatPage, watchBreaches } from '../chat-page'

const signIn = (page: Page) => page.getByRole('button', { name: /^Sign in at 127\.0\.0\.1/ })
const heading = (page: Page) => page.getByRole('heading', { level: 1 })

/** The data set's title: the first screen of somebody who is in. */
async function isIn(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Try one of these' })).toBeVisible()
}

async function storedToken(page: Page): Promise<string> {
  return page.evaluate(() => sessionStorage.getItem('vtion.token') ?? '')
}

test('a reader signs in at the issuer, asks, stays signed in, and signs out', async ({ page }) => {
  const breaches = watchBreaches(page, 'http://127.0.0.1:')
  const asks: string[] = []
  page.on('request', (request) => { if (request.url().includes('/authorize?')) asks.push(request.url()) })

  await page.goto('/#/console/runs')
  await expect(heading(page)).toHaveText('Sign in')
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  await signIn(page).click()

  // Back where the link led, with nothing of the issuer's in the address.
  await expect(page.getByRole('heading', { name: 'Runs' })).toBeVisible()
  expect(new URL(page.url()).search).toBe('')
  expect(asks).toHaveLength(1)
  const asked = new URL(asks[0] ?? '').searchParams
  expect([asked.get('code_challenge_method'), asked.get('response_type')]).toEqual(['S256', 'code'])
  expect((asked.get('nonce') ?? '').length).toBeGreaterThan(20)

  const chat = new ChatPage(page)
  await chat.open('/')
  await chat.askAndWait('How many sessions were there in total?')
  await page.reload()
  await expect(chat.turn).toBeVisible()
  // In this tab and nowhere else.
  expect(await page.evaluate(() => [document.cookie, localStorage.length])).toEqual(['', 0])

  await page.getByRole('button', { name: 'Display' }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(heading(page)).toHaveText('Sign in')
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0)
  await expect(page.getByRole('alert')).toHaveCount(0)
  expect(breaches).toEqual([])
})

test('an expired token is renewed unseen; where that fails it is said', async ({ page }) => {
  await page.goto('/')
  await signIn(page).click()
  await isIn(page)
  const first = await storedToken(page)
  let isExpired = true
  await page.route('**/threads*', async (route) => {
    if (!isExpired) return route.fallback()
    isExpired = false
    return route.fulfill({ status: 401, json: { code: 'sign_in', reason: 'token_expired' } })
  })
  await page.reload()
  await isIn(page)
  await expect.poll(() => storedToken(page)).not.toBe(first)

  await page.route('**/token', (route) => route.fulfill({ status: 400, json: { error: 'invalid_grant' } }))
  await page.evaluate(() => { sessionStorage.setItem('vtion.token', 'a.stale.token') })
  await page.reload()
  await expect(heading(page)).toHaveText('Sign in')
  await expect(page.getByRole('alert')).toContainText('Your sign-in has expired')
})

test('whoever is not let in reads why, and can begin again', async ({ page }) => {
  await page.goto('/?error=access_denied&state=forged')
  await expect(page.getByRole('alert')).toContainText('begun elsewhere')

  await page.route('**/authorize?*', (route) => {
    const asked = new URL(route.request().url()).searchParams
    const back = `${asked.get('redirect_uri') ?? ''}?error=access_denied&state=${asked.get('state') ?? ''}`
    return route.fulfill({ status: 302, headers: { location: back } })
  })
  await signIn(page).click()
  await expect(page.getByRole('alert')).toContainText('You were not let in')

  await page.unroute('**/authorize?*')
  await page.route('**/.well-known/*', (route) => route.abort())
  await signIn(page).click()
  await expect(page.getByRole('alert')).toContainText('cannot be reached')
  await expect(signIn(page)).toBeEnabled()

  await page.unroute('**/.well-known/*')
  await page.route('**/token', (route) => route.fulfill({ status: 400, json: { error: 'invalid_grant' } }))
  await signIn(page).click()
  await expect(page.getByRole('alert')).toContainText('was not accepted')

  await page.unroute('**/token')
  await signIn(page).click()
  await isIn(page)
})
