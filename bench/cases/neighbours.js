'use strict'
// What others in the same process notice while all cores are busy: users of libuv's
// pool (fs, dns), a timer, and HTTP requests to a server of the process.

const dns = require('node:dns/promises')
const { once } = require('node:events')
const { stat } = require('node:fs/promises')
const http = require('node:http')
const { setTimeout: pause } = require('node:timers/promises')
const { map, parallel, tasks } = require('../lib/heddle.js')
const { keyArguments, pbkdf2, pbkdf2Iterations } = require('../lib/calibrate.js')
const { atMostATenth } = require('../lib/claims.js')
const { onThread, pools, sameThreads } = require('../lib/pools.js')
const { inTurns, quantile, row, settle, timed } = require('../lib/kit.js')

const MS = 10 // of each task of a flood

/** A server of this process, and a request to it over a connection that is kept. */
async function serve() {
  const server = http.createServer((request, response) => response.end('here'))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address()
  const agent = new http.Agent({ keepAlive: true })
  const request = () =>
    new Promise((resolve, reject) => {
      http
        .get({ port, host: '127.0.0.1', agent }, (response) => response.resume().on('end', resolve))
        .on('error', reject)
    })
  const close = () => {
    agent.destroy()
    server.close()
  }
  return { request, close }
}

/** Each gives the ms that one use of a neighbour took; of a timer, how late it was. */
const neighbours = (request) => ({
  'fs.stat': () => timed(() => stat(__filename)),
  "dns.lookup('localhost')": () => timed(() => dns.lookup('localhost')),
  'a timer': async () => Math.max(0, (await timed(() => pause(1))) - 1),
  'an HTTP request': () => timed(request),
})

/** Uses a neighbour every ms or so, until the flood is over. */
async function during(flood, neighbour) {
  await settle()
  const samples = []
  let over = false
  const done = flood().then(() => (over = true))
  while (!over) {
    samples.push(await neighbour())
    await pause(1) // a neighbour, not a flood of its own
  }
  await done
  return { p99: quantile(samples, 0.99), longest: Math.max(...samples) }
}

async function openFloods({ quick }) {
  const threads = sameThreads()
  const args = keyArguments(pbkdf2Iterations(MS))
  const list = Array.from({ length: quick ? 6 : 60 }, () => MS)
  const spin = onThread('spin')
  const pool = await pools.piscina(threads)
  return {
    floods: {
      heddle: () => parallel(list.map(() => tasks.pbkdf2(...args))),
      node: () => Promise.all(list.map(() => pbkdf2(...args))),
      idle: () => pause((list.length * MS) / threads),
      thread: () => map(list, spin),
      piscina: () => Promise.all(list.map((ms) => pool.run('spin', ms))),
    },
    close: () => Promise.all([spin.close(), pool.close()]),
  }
}

const claims = {
  p99: [{ text: 'p99 < 1 ms', holds: (r) => r.ours.median < 1 }],
  longest: [atMostATenth],
}

function rowsOf(neighbour, found) {
  const of = (flood, key) => found[flood].map((round) => round[key])
  const against = (what, key, ours, theirs, rival, judged = []) =>
    row({
      what: `${neighbour}, ${what}`,
      unit: 'ms',
      ours: of(ours, key),
      theirs: of(theirs, key),
      rival,
      claims: judged,
    })
  const isStat = neighbour === 'fs.stat'
  const native = 'p99, while native tasks run'
  return [
    against(native, 'p99', 'heddle', 'node', 'Promise.all, crypto.pbkdf2', isStat ? claims.p99 : []),
    against(native, 'p99', 'heddle', 'idle', 'nothing else runs'),
    against(
      'longest wait, while native tasks run',
      'longest',
      'heddle',
      'node',
      'Promise.all, crypto.pbkdf2',
      isStat ? claims.longest : [],
    ),
    against('p99, while functions run on threads', 'p99', 'thread', 'piscina', 'piscina'),
  ]
}

async function run(mode) {
  const { floods, close } = await openFloods(mode)
  const { request, close: closeServer } = await serve()
  const rows = []
  for (const [name, neighbour] of Object.entries(neighbours(request))) {
    const rounds = mode.quick ? 1 : 15
    rows.push(...rowsOf(name, await inTurns(floods, rounds, (start) => during(start, neighbour))))
  }
  closeServer()
  await close()
  return { rows }
}

/** The floods, without neighbours. */
function sides(mode) {
  const side = (flood) => ({
    open: () => openFloods(mode),
    run: (data, { floods }) => floods[flood](),
    close: ({ close }) => close(),
  })
  return {
    heddle: side('heddle'),
    'Promise.all, crypto.pbkdf2': side('node'),
    'heddle, functions on threads': side('thread'),
    piscina: side('piscina'),
  }
}

module.exports = { group: 'Neighbours', title: 'Others, while all cores are busy', run, sides }
