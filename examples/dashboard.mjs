// A dashboard of three parts that do not depend on each other.

import { parallel } from 'heddle'
import { print, section } from './lib/print.mjs'
import { startServer } from './lib/server.mjs'

const parts = {
  profile: { ms: 100, body: { name: 'Ada' } },
  notifications: { ms: 200, body: ['Welcome'] },
  activity: { ms: 150, body: [{ at: '09:00', what: 'login' }] },
}
const server = await startServer((path) => parts[path])

const show = (dashboard) => print(`dashboard: ${JSON.stringify(dashboard)}`)

// Each part is named twice, and a change of order in one of the lists is a mistake
// that nobody sees.
await section('Promise.all', async () => {
  const [profile, notifications, activity] = await Promise.all([
    server.json('profile'),
    server.json('notifications'),
    server.json('activity'),
  ])
  show({ profile, notifications, activity })
})

// An object goes in, an object with the same keys comes out.
await section('heddle: parallel, an object', async () => {
  const dashboard = await parallel(
    {
      profile: ({ signal }) => server.json('profile', { signal }),
      notifications: ({ signal }) => server.json('notifications', { signal }),
      activity: ({ signal }) => server.json('activity', { signal }),
    },
    { timeout: 60_000 },
  )
  show(dashboard)
})

server.stop()
