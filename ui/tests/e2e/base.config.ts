import { type PlaywrightTestConfig, devices } from '@playwright/test'

/** Debian's Chromium, kept from calling home. */
const launchOptions = {
  executablePath: process.env.VTION_CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-default-apps',
    '--disable-sync',
    '--no-first-run',
  ],
}

export const base: PlaywrightTestConfig = {
  outputDir: '../../../artifacts/browser',
  reporter: [['list']],
  forbidOnly: Boolean(process.env.CI),
  // Far from what a quiet machine needs: a busy one is slower, not wrong.
  timeout: 90_000,
  expect: { timeout: 20_000 },
  use: {
    launchOptions,
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    // A trace of every test takes two fifths more time: `npx playwright test --trace on` makes one.
    screenshot: 'only-on-failure',
    // A view that still fades in has other colours than it comes to have.
    contextOptions: { reducedMotion: 'reduce' },
  },
  projects: [
    { name: 'desktop', use: { viewport: { width: 1280, height: 900 } } },
    {
      name: 'phone',
      testIgnore: '**/conversation.spec.ts',
      grepInvert: /@once/,
      use: {
        viewport: { width: 360, height: 740 },
        userAgent: devices['Pixel 7'].userAgent,
        hasTouch: true,
        isMobile: true,
      },
    },
  ],
}
