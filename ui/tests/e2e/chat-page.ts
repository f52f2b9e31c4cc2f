import { type Locator, type Page, expect } from '@playwright/test'

/** A proof that does not depend on the width of the window: the phone's project leaves it out. */
export const ONCE = { tag: '@once' }

/** What axe has to look for anew by night: nothing but colours is another. */
export const COLOURS = ['color-contrast', 'link-in-text-block']

/** The chat as a person sees it. */
export class ChatPage {
  readonly composer: Locator
  readonly turns: Locator
  readonly turn: Locator
  readonly chart: Locator
  readonly receipt: Locator

  constructor(readonly page: Page) {
    this.composer = page.getByRole('textbox', { name: 'Your question' })
    this.turns = page.getByRole('article')
    this.turn = this.turns.last()
    this.chart = this.turn.getByRole('img')
    this.receipt = this.turn.locator('summary').filter({ hasText: /Receipt/ })
  }

  async open(url: string): Promise<void> {
    await this.page.goto(url)
    await expect(this.page.getByRole('heading', { level: 1 })).toBeVisible()
  }

  async ask(question: string): Promise<void> {
    await this.composer.fill(question)
    await this.composer.press('Enter')
  }

  async askAndWait(question: string, phase = 'answered'): Promise<void> {
    await this.ask(question)
    await this.reaches(phase)
  }

  async reaches(phase: string): Promise<void> {
    const ends = phase === 'working' ? /working/ : /^(?!asking|working)/
    await expect(this.turn).toHaveAttribute('data-phase', ends, { timeout: 60_000 })
    await expect(this.turn).toHaveAttribute('data-phase', phase)
  }

  async chartIsDrawn(): Promise<void> {
    await expect(this.chart).toHaveAttribute('data-drawing', 'drawn')
    await expect(this.chart.locator('canvas')).toBeVisible()
  }

  /** What the page last put on the clipboard, once it matches. */
  async copied(pattern: RegExp): Promise<string> {
    const read = (): Promise<string> => this.page.evaluate(() => navigator.clipboard.readText())
    await expect.poll(read).toMatch(pattern)
    return read()
  }

  /** Whether the page is wider than the window. */
  async overflows(): Promise<boolean> {
    return this.page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    )
  }
}

/** Notes the moment at which each step, the first prose and the chart appear, in order. */
export async function recordArrivals(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const arrivals: string[] = []
    Object.assign(window, { arrivals })
    const note = (name: string): void => {
      if (!arrivals.includes(name)) arrivals.push(name)
    }
    new MutationObserver(() => {
      for (const step of document.querySelectorAll<HTMLElement>('[data-step]'))
        note(step.dataset.step ?? '')
      if (document.querySelector('article .prose')?.textContent) note('prose')
      if (document.querySelector('article figure')) note('chart')
    }).observe(document, { childList: true, subtree: true })
  })
  return () => page.evaluate(() => (window as unknown as { arrivals: string[] }).arrivals)
}

/** Every request that leaves for another host, and every breach of the page's policy. */
export function watchBreaches(page: Page, home: string): string[] {
  const breaches: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(home) && !/^(data|blob):/.test(request.url()))
      breaches.push(request.url())
  })
  page.on('console', (message) => {
    if (message.type() === 'error' && message.text().includes('Content Security Policy'))
      breaches.push(message.text())
  })
  page.on('pageerror', (error) => breaches.push(String(error)))
  return breaches
}
