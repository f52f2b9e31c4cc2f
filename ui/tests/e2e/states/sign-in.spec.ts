import AxeBuilder from '@axe-core/playwright'

import { expect, test } from './fixture'

const KEY = 'vk_a-good-key'

test('a service that wants to know who asks is signed in to, and out of', async ({ page, service }) => {
  const refused = { status: 401, json: { title: 'Sign in', status: 401, code: 'sign_in', detail: 'Sign in.' } }
  await page.route('**/{capabilities,threads,me}', (route) =>
    route.request().headers().authorization === `Bearer ${KEY}` ? route.fallback() : route.fulfill(refused),
  )
  await page.route('**/sign-in', (route) => route.fulfill({ json: { method: 'key', issuer: '', client_id: '', scope: '' } }))

  await page.goto(service.url)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in')
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  await page.getByLabel('API key').fill('wrong')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toContainText('does not take this key')
  await page.getByLabel('API key').fill(KEY)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'City library loans' })).toBeVisible()

  await page.getByRole('button', { name: 'Display' }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in')
})
