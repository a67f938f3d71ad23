// Listens on PORT, and ends gracefully on SIGTERM: requests that have come are answered, in
// ten seconds at most.

import { delay, shutdown } from 'heddle'
import { makeServer } from './lib/web-server.mjs'

const ANSWER_MS = 8000
const REST_MS = 2000

const { app } = makeServer({ N: Number(process.env.SCRYPT_N ?? 16_384) })
console.log(await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' }))

process.once('SIGTERM', async () => {
  await Promise.race([app.close(), delay(ANSWER_MS, undefined, { unref: true })])
  const whole = await shutdown({ timeout: REST_MS })
  console.log(whole ? 'all was answered' : 'some was left')
  process.exitCode = whole ? 0 : 1
})
