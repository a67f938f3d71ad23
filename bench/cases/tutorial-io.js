'use strict'
// The case of the tutorials: four requests whose answers take 1, 2, 1 and 2 units of
// time, from a server in a process of its own. For waiting, Promise.all is all it
// takes: what heddle has to show here is that it costs nothing.

const { deepStrictEqual } = require('node:assert')
const { fork } = require('node:child_process')
const { once } = require('node:events')
const { parallel } = require('../lib/heddle.js')
const { noSlower } = require('../lib/claims.js')
const { fixture } = require('../lib/pools.js')
const { comparison, faster } = require('../lib/kit.js')

const UNITS = [1, 2, 1, 2]

async function setup({ quick }) {
  const unit = quick ? 10 : 50 // ms
  const server = fork(fixture('delays.cjs'), { execArgv: [] })
  const [port] = await once(server, 'message')
  const delays = UNITS.map((units) => units * unit)
  return { server, delays, urls: delays.map((ms) => `http://127.0.0.1:${port}/${ms}`) }
}

async function request(url, signal) {
  const response = await fetch(url, { signal })
  return response.text()
}

async function oneByOne({ urls }) {
  const texts = []
  for (const url of urls) texts.push(await request(url))
  return texts
}

const ALL = 'Promise.all'
const ONE = 'one by one, await each'

module.exports = comparison({
  group: 'I/O',
  title: 'Four requests, to wait for',
  setup,
  teardown: ({ server }) => server.kill(),
  what: ({ delays }) => `answers after ${delays.slice(0, -1).join(', ')} and ${delays.at(-1)} ms`,
  sides: () => ({
    heddle: ({ urls }) => parallel(urls.map((url) => ({ signal }) => request(url, signal))),
    [ALL]: ({ urls }) => Promise.all(urls.map((url) => request(url))),
    [ONE]: oneByOne,
  }),
  check(results, { delays }) {
    const expected = delays.map((ms) => `after ${ms} ms`)
    for (const texts of Object.values(results)) deepStrictEqual(texts, expected)
  },
  claims: { [ALL]: [noSlower], [ONE]: [faster(2.5)] },
})
