// Four computations in place of four fetches. Promise.all gains nothing here: a
// function that computes lets nobody else run until it is done, async or not.
// heddle's tasks compute on threads, and the event loop stays free.
//
// The computation is PBKDF2, for which heddle has a native task. A JavaScript
// function of your own becomes such a task by heddle's thread().

import { pbkdf2Sync } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { configure, parallel, run, stats } from 'heddle'
import { pbkdf2 } from 'heddle/tasks'
import { spin } from 'heddle/testing'
import { print, section } from './lib/print.mjs'

const ITERATIONS = 50_000
const jobs = [
  { name: 'a', iterations: ITERATIONS },
  { name: 'b', iterations: 2 * ITERATIONS },
  { name: 'c', iterations: ITERATIONS },
  { name: 'd', iterations: 2 * ITERATIONS },
]

await section('Promise.all', async () => {
  const derive = async ({ name, iterations }) => {
    print(`start ${name}`)
    const key = pbkdf2Sync('secret', name, iterations, 8, 'sha256').toString('hex')
    print(`end ${name}`)
    return key
  }
  print(`got ${await Promise.all(jobs.map(derive))}`)
})

await section('heddle: parallel, over tasks', async () => {
  const tasks = jobs.map(({ name, iterations }) => pbkdf2('secret', name, iterations, 8, 'sha256'))
  print(`got ${await parallel(tasks)}`)
})

await section('heddle: parallel, over functions that run tasks', async () => {
  const derive = ({ name, iterations }) => async ({ signal }) => {
    print(`start ${name}`)
    const key = await run(pbkdf2('secret', name, iterations, 8, 'sha256'), { signal })
    print(`end ${name}`)
    return key
  }
  print(`got ${await parallel(jobs.map(derive))}`)
})

// Two tasks that would keep a core busy for a minute each. Both run at the same time
// while this function looks on, until it has seen enough and stops them.
await section('heddle: two at the same time', async () => {
  configure({ threads: Math.max(2, configure().threads) })
  const controller = new AbortController()
  const work = parallel([spin(60_000), spin(60_000)], { signal: controller.signal, join: true })
  while (stats().running < 2) await turn()
  print('both run')
  controller.abort()
  await work.catch((error) => print(`stopped: ${error.name}`))
})
