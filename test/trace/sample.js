'use strict'
// Traces that are always the same, as of a program that hashes, renders and compresses.

/** mulberry32, by Tommy Ettinger: numbers from 0 to 1. */
function randomFrom(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const TASKS = [
  ['hash', 3],
  ['render', 9],
  ['gzip', 5],
  ['argon2', 30],
]

const CALLS = ['parallel', 'map', 'sequential', 'allSettled', 'race']

/**
 * @param {{members?: number, natives?: number, javascript?: number, scale?: number, names?: string[],
 *   missing?: number}} [options] `scale`: of how long members take
 * @returns {Trace}
 */
function sampleTrace({ members: count = 400, natives = 4, javascript = 2, scale = 1, names, missing = 0 } = {}) {
  const random = randomFrom(7)
  const threads = []
  for (let i = 1; i <= natives; i++) threads.push({ id: i, name: i < natives ? `pool ${i}` : 'own 1', kind: 'native', started: null, ended: null })
  for (let i = 1; i <= javascript; i++) threads.push({ id: natives + i, name: `javascript ${i}`, kind: 'javascript', started: 20 * i * scale, ended: null })
  const free = new Map(threads.map(({ id, started }) => [id, started ?? 0]))
  const members = []
  const calls = []
  let at = 5 * scale
  while (members.length < count) {
    const id = calls.length + 1
    const size = Math.min(count - members.length, 1 + Math.floor(random() * Math.max(8, count / 12)))
    const name = CALLS[Math.floor(random() * CALLS.length)]
    let ended = at
    let failed = false
    for (let key = 0; key < size; key++) {
      const [task, ms] = TASKS[Math.floor(random() * random() * TASKS.length)]
      const isScript = task === 'render'
      const ids = threads.filter(({ kind }) => (kind === 'javascript') === isScript).map((thread) => thread.id)
      const thread = (ids.length > 0 ? ids : [1]).reduce((a, b) => (free.get(a) <= free.get(b) ? a : b))
      const started = Math.max(at + 0.05 * scale, free.get(thread))
      const end = started + ms * scale * (0.3 + 1.4 * random())
      const dice = random()
      const state = dice < 0.015 ? 'rejected' : dice < 0.03 ? 'cancelled' : dice < 0.04 ? 'expired' : 'fulfilled'
      failed ||= state === 'rejected'
      free.set(thread, end)
      members.push({ call: id, key, task: names?.[TASKS.findIndex(([one]) => one === task)] ?? task, thread, queued: at, started, ended: end, state })
      ended = Math.max(ended, end)
    }
    calls.push({
      id,
      name,
      place: `/app/src/${name === 'map' ? 'thumbnails' : 'upload'}.js:${10 + id}:17`,
      began: at,
      ended,
      state: failed ? 'rejected' : 'fulfilled',
      error: failed ? 'Error: the input is no image' : null,
      total: size,
    })
    at += (ended - at) * (0.25 + 0.6 * random())
  }
  const duration = Math.max(...free.values()) + 10 * scale
  members.sort((a, b) => a.started - b.started)
  const collections = []
  for (let time = duration / 50; time < duration; time += (duration / 25) * (0.5 + random())) {
    collections.push({ kind: random() < 0.85 ? 'minor' : 'major', start: time, duration: duration * 0.002 * (1 + 3 * random()) })
  }
  return {
    version: 1,
    began: Date.UTC(2026, 0, 2, 3, 4, 5),
    duration,
    heddle: '0.2.0',
    node: '24.0.0',
    platform: 'linux-x64',
    settings: { threads: natives + javascript },
    members,
    missing,
    calls,
    missingCalls: 0,
    stalls: [
      { start: duration * 0.31, duration: duration * 0.07 },
      { start: duration * 0.78, duration: duration * 0.03 },
    ],
    collections,
    threads,
    lent: [{ time: 0, count: 0 }, { time: 20 * scale, count: javascript }],
  }
}

module.exports = { sampleTrace }
