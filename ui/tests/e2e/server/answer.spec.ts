import { readFile } from 'node:fs/promises'

import { expect, test } from '@playwright/test'

import { ChatPage, ONCE, watchBreaches } from '../chat-page'

const MONTHS = 'Number of sessions per month'

test.describe('an answer in hand', () => {
  let chat: ChatPage
  let breaches: string[]

  test.beforeEach(async ({ page, baseURL }) => {
    breaches = watchBreaches(page, baseURL ?? '')
    chat = new ChatPage(page)
    await chat.open('/')
    await chat.askAndWait(MONTHS)
    await chat.chartIsDrawn()
  })

  test.afterEach(() => {
    expect(breaches).toEqual([])
  })

  test('the chart changes to the kinds that fit its points, and to a table', async () => {
    const views = chat.turn.getByRole('group', { name: 'Show as' })
    for (const [name, kind] of [['Line chart', 'line'], ['Area chart', 'area'], ['Bar chart', 'bar']] as const) {
      await views.getByRole('button', { name }).click()
      await expect(chat.chart).toHaveAttribute('data-kind', kind)
      await expect(chat.chart).toHaveAccessibleName(new RegExp(`^${name}:`))
      await chat.chartIsDrawn()
    }
    await expect(views.getByRole('button', { name: 'Pie chart' })).toHaveCount(0)
    await views.getByRole('button', { name: 'Table' }).click()
    await expect(chat.turn.getByRole('table')).toBeVisible()
    await expect(chat.chart).toHaveCount(0)
  })

  test('the chart is saved as a picture and its points as CSV', ONCE, async ({ page }) => {
    const save = async (name: string): Promise<Buffer> => {
      const saved = page.waitForEvent('download')
      await chat.turn.getByRole('button', { name }).click()
      return readFile(await (await saved).path())
    }
    const picture = await save('Save as PNG')
    expect(picture.subarray(1, 4).toString()).toBe('PNG')
    expect(picture.length).toBeGreaterThan(10_000)
    const rows = (await save('Save as CSV')).toString().trim().split('\r\n')
    expect(rows.length).toBeGreaterThan(4)
    const points = await chat.turn.getByRole('row').count()
    expect(rows).toHaveLength(points)
    for (const row of rows.slice(1)) expect(row).toMatch(/^\d{4}-\d\d,\d+$/)
  })

  test('the answer is copied, and the question edited and asked again', async ({ page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await chat.turn.getByRole('button', { name: 'Copy answer' }).click()
    await chat.copied(/\d/)

    await chat.turn.hover()
    await chat.turn.getByRole('button', { name: 'Edit question' }).click()
    const box = chat.turn.getByRole('textbox', { name: 'Edited question' })
    await expect(box).toBeFocused()
    await expect(box).toHaveValue(MONTHS)
    await box.press('Escape')
    await expect(chat.turn.getByRole('button', { name: 'Edit question' })).toBeFocused()
    await page.keyboard.press('Enter')
    await box.fill('How many sessions were there in total?')
    await box.press('Enter')
    await expect(chat.turns).toHaveCount(2)
    await chat.reaches('answered')
    await expect(chat.turn.getByRole('heading', { level: 2 })).toContainText('in total')
  })

  test('language, numbers and theme are the reader’s, and stay', async ({ page }) => {
    await page.getByRole('button', { name: 'Display' }).click()
    const menu = page.getByRole('dialog', { name: 'Display' })
    await menu.getByLabel('12,34,567').check()
    await menu.getByLabel('Dark').check()
    await expect(page.locator('html')).toHaveCSS('color-scheme', 'dark')
    await expect(chat.turn.locator('.prose')).toContainText(/\d{1,2},\d{2},\d{3}/)
    await menu.getByLabel('हिन्दी').check()
    await expect(page.getByText('उत्तर और कारण अंग्रेज़ी में लिखे जाते हैं।')).toBeVisible()
    await page.screenshot({ path: `../artifacts/screenshots/server-hindi-${test.info().project.name}.png` })
    // A button on the phone, a link in the sidebar elsewhere.
    const newChat = page.getByRole('button', { name: 'नई चैट' }).or(page.getByRole('link', { name: 'नई चैट' }))
    await expect(newChat.filter({ visible: true })).toBeVisible()
    await expect(page.locator('html')).toHaveAttribute('lang', 'hi')

    await page.reload()
    await expect(newChat.filter({ visible: true })).toBeVisible()
    await expect(page.locator('html')).toHaveCSS('color-scheme', 'dark')
    await expect(page.getByRole('textbox', { name: 'आपका प्रश्न' })).toBeVisible()
    expect(await chat.overflows()).toBe(false)
  })

  test('a lost connection is said, and so is its return', ONCE, async ({ page, context }) => {
    await context.setOffline(true)
    await expect(page.getByText('You are offline.')).toBeVisible()
    await context.setOffline(false)
    await expect(page.getByText('Back online.')).toBeVisible()
    await expect(page.getByText('Back online.')).toBeHidden()
    await chat.askAndWait('How many sessions were there in total?')
  })
})
