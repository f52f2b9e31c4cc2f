import type { AddressInfo } from 'node:net'

import { test as base } from '@playwright/test'

import { type Mock, createMock } from '../../mock/server'
import { ChatPage, watchBreaches } from '../chat-page'

interface Fixtures {
  chat: ChatPage
  breaches: string[]
}

interface WorkerFixtures {
  service: { url: string; mock: Mock }
}

/** Scripted runs at their own pace; the built page is served beside them. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  service: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the first argument's pattern
    async ({}, use) => {
      const mock = createMock({ speed: 2, isHeld: true })
      await new Promise<void>((resolve) => mock.listen(0, '127.0.0.1', resolve))
      const { port } = mock.address() as AddressInfo
      await use({ url: `http://127.0.0.1:${String(port)}`, mock })
      mock.closeAllConnections()
      mock.close()
    },
    { scope: 'worker' },
  ],
  breaches: async ({ page, service }, use) => {
    await use(watchBreaches(page, service.url))
  },
  chat: async ({ page, service, breaches }, use) => {
    service.mock.requests.length = 0
    const chat = new ChatPage(page)
    await chat.open(service.url)
    await use(chat)
    test.expect(breaches).toEqual([])
  },
})

export { expect } from '@playwright/test'
