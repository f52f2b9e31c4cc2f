/** The UI in every state, against the stand-in service. */
import { defineConfig } from '@playwright/test'

import { base } from './base.config'

export default defineConfig({ ...base, testDir: './states', fullyParallel: true, workers: 2 })
