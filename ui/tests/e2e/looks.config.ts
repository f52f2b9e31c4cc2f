/** Pictures of every view, at three widths and in both themes, to be looked at by a person. */
import { defineConfig } from '@playwright/test'

import server from './server.config'

const WIDTHS = { phone: [360, 740], desktop: [1280, 900], wide: [2560, 1440] } as const

export default defineConfig({
  ...server,
  testDir: './looks',
  projects: Object.entries(WIDTHS).flatMap(([size, [width, height]]) =>
    (['light', 'dark'] as const).map((colorScheme) => ({
      name: `${size}-${colorScheme}`,
      use: { viewport: { width, height }, colorScheme, isMobile: size === 'phone', hasTouch: size === 'phone' },
    })),
  ),
})
