/** The console's longer proofs: what waits for replayed suites, and every view by keyboard alone. */
import { defineConfig } from '@playwright/test'

import server from './server.config'

export default defineConfig({
  ...server,
  testDir: './console',
  // They count what waits, and change one dictionary.
  workers: 1,
  projects: (server.projects ?? []).filter(({ name }) => name === 'desktop'),
})
