/** Starts the stand-in service: `node tests/mock/main.mjs`, port in `PORT` (default 8787). */
import { createMock } from './server.mjs'

const port = Number(process.env.PORT ?? 8787)
const speed = Number(process.env.MOCK_SPEED ?? 1)

createMock({ speed }).listen(port, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${String(port)}`)
})
