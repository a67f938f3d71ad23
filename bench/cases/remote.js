'use strict'
// Work on another process by way of Redis: heddle/remote beside plain BullMQ, which adds
// all jobs at once and has one listener for their results.

const { randomBytes } = require('node:crypto')
const { map, parallel } = require('../lib/heddle.js')
const { connect } = require('../../lib/remote.js')
const { atMost, faster, measure, row, scaled, timed } = require('../lib/kit.js')
const { startRedis, startWorker } = require('../lib/redis.js')

/** Plain BullMQ: run(name, data[]) resolves with the results. */
async function plain(queueName, connection) {
  const { Queue, QueueEvents } = require('bullmq')
  const queue = new Queue(queueName, { connection })
  const events = new QueueEvents(queueName, { connection })
  await events.waitUntilReady()
  const waiting = new Map()
  events.on('completed', ({ jobId, returnvalue }) => waiting.get(jobId)?.(returnvalue))
  let sequence = 0
  return {
    async run(name, list) {
      const results = list.map(() => {
        const jobId = `job-${++sequence}`
        return { jobId, result: new Promise((resolve) => waiting.set(jobId, resolve)) }
      })
      await queue.addBulk(list.map((data, i) => ({ name, data, opts: { jobId: results[i].jobId, removeOnComplete: true } })))
      const values = await Promise.all(results.map(({ result }) => result))
      waiting.clear()
      return values
    },
    async close() {
      await events.close()
      await queue.close()
    },
  }
}

async function beside(redis, quick) {
  const connection = { path: redis.path }
  const workers = [
    await startWorker({ kind: 'heddle', queue: 'heddle', path: redis.path }),
    await startWorker({ kind: 'bullmq', queue: 'plain', path: redis.path }),
  ]
  const remote = connect({ queue: 'heddle', connection })
  const rival = await plain('plain', connection)
  const [noop, hash] = [remote('noop'), remote('hash')]
  const rounds = quick ? 1 : 11
  const many = quick ? 1000 : 20_000
  const few = quick ? 200 : 2000

  const noops = await measure(
    {
      ours: () => parallel(Array.from({ length: many }, () => noop())),
      theirs: () => rival.run('noop', new Array(few).fill({})),
    },
    { rounds },
  )
  const data = Array.from({ length: 64 }, () => randomBytes(4096)) // equal objects go once in a part
  const base64 = data.map((bytes) => bytes.toString('base64'))
  const hashes = await measure(
    {
      ours: () => parallel(Array.from({ length: many / 2 }, (_, i) => hash('sha256', data[i % 64]))),
      theirs: () => rival.run('hash', Array.from({ length: few / 2 }, (_, i) => ({ base64: base64[i % 64] }))),
    },
    { rounds },
  )
  const single = await measure(
    { ours: () => noop(), theirs: () => rival.run('noop', [{}]) },
    { rounds: quick ? 5 : 201 },
  )
  const rows = [
    row({ what: 'no-op members', unit: 'µs', ours: scaled(noops.ours, 1e3 / many), theirs: scaled(noops.theirs, 1e3 / few), rival: 'BullMQ', claims: [faster(30)] }),
    row({ what: 'sha256 of 4 KiB', unit: 'µs', ours: scaled(hashes.ours, 2e3 / many), theirs: scaled(hashes.theirs, 2e3 / few), rival: 'BullMQ', claims: [faster(10)] }),
    row({ what: 'one member', unit: 'ms', ours: single.ours, theirs: single.theirs, rival: 'BullMQ', claims: [atMost(3, 'ms')] }),
  ]
  await remote.close()
  await rival.close()
  for (const worker of workers) await worker.stop()
  return rows
}

/** Two workers of one thread each, against one. */
async function scaling(redis, quick) {
  const count = quick ? 40 : 400
  const samples = { 1: [], 2: [] }
  const work = async (number) => {
    const queue = `scaling-${number}`
    const workers = []
    for (let i = 0; i < number; i++) workers.push(await startWorker({ kind: 'heddle', queue, path: redis.path, threads: 1 }))
    const remote = connect({ queue, connection: { path: redis.path } })
    const spin = remote('spin')
    const go = () => map(new Array(count).fill(5), spin, { concurrency: count })
    await go()
    return { go, close: () => Promise.all([remote.close(), ...workers.map((worker) => worker.stop())]) }
  }
  const [one, two] = [await work(1), await work(2)]
  for (let i = 0; i < (quick ? 1 : 7); i++) {
    samples[1].push(await timed(one.go))
    samples[2].push(await timed(two.go))
  }
  await Promise.all([one.close(), two.close()])
  return row({ what: `${count} members of 5 ms, on two workers of one thread`, unit: 'ms', ours: samples[2], theirs: samples[1], rival: 'one worker', claims: [faster(1.8)] })
}

async function run({ quick }) {
  const redis = await startRedis()
  try {
    return { rows: [...(await beside(redis, quick)), await scaling(redis, quick)] }
  } finally {
    await redis.stop()
  }
}

module.exports = { group: 'More machines', title: 'Work on other machines, by Redis', run }
