'use strict'
// The page of a Trace: what is in the file.

const assert = require('node:assert/strict')
const { createHash } = require('node:crypto')
const fs = require('node:fs')
const fc = require('fast-check')
const { figuresOf } = require('../../lib/trace/page/figures.js')
const { page } = require('../../lib/trace/page/index.js')
const { reduce } = require('../../lib/trace/page/reduce.js')
const { FILE, picture } = require('../../scripts/trace-picture.js')
const { sampleTrace } = require('./sample.js')

const write = (trace) => [...page(trace)].join('')
const sum = (list) => list.reduce((a, b) => a + b, 0)

const EMPTY = { ...sampleTrace({ members: 1 }), members: [], calls: [], threads: [], stalls: [], collections: [], lent: [], duration: 0 }

describe('the page of a Trace', () => {
  it('asks for nothing but itself', () => {
    const html = write(sampleTrace())
    const [, policy] = /Content-Security-Policy" content="([^"]+)"/.exec(html)
    assert.match(policy, /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'$/)
    for (const [kind, text] of [['style', /<style>(.*?)<\/style>/s.exec(html)[1]], ['script', /<script>(.*?)<\/script>/s.exec(html)[1]]]) {
      const hash = createHash('sha256').update(text).digest('base64')
      assert.ok(policy.includes(`${kind}-src 'sha256-${hash}'`))
    }
    assert.doesNotMatch(html, /https?:|url\(|@import|<link|<img| src=| href=| style=| on[a-z]+=/)
  })

  it('has names of users as text, wherever they come', () => {
    const evil = '</script><img src=x onerror=alert(1)>\u2028\u2029&"\''
    const trace = sampleTrace({ names: [evil, evil, evil, evil] })
    for (const call of trace.calls) call.place = call.name = call.error = evil
    for (const member of trace.members) member.key = evil
    const html = write(trace)
    assert.ok(!html.includes('<img'))
    const [, inlined] = /id="data">(.*?)<\/script>/s.exec(html)
    assert.doesNotMatch(inlined, /[<\u2028\u2029]/)
    assert.equal(html.match(/<script/g).length, 2)
    assert.equal(html.match(/<\/script>/g).length, 2)
    assert.ok(JSON.parse(inlined).names.includes(evil))
  })

  it('says how much is missing', () => {
    assert.doesNotMatch(write(sampleTrace()), /Not whole/)
    assert.match(write(sampleTrace({ missing: 1234 })), /Not whole:<\/strong> 1,234 members ran that are not here/)
  })

  it('of nothing is a page, too', () => {
    assert.match(write(EMPTY), /0 µs/)
    assert.deepEqual(reduce(EMPTY).rows, [])
  })

  it('has figures by task with percentiles by nearest rank', () => {
    const member = (n, state) => ({ task: 'a', queued: 0, started: n, ended: 3 * n, state })
    const members = Array.from({ length: 100 }, (_, i) => member(i + 1, 'fulfilled'))
    members.push({ task: 'b', queued: 1, started: 1, ended: 2, state: 'expired' })
    const [a, b] = figuresOf({ members })
    assert.deepEqual(a, { task: 'a', count: 100, wait: [50, 95, 99], run: [100, 190, 198], failed: 0, cancelled: 0, expired: 0, busy: 10_100 })
    assert.deepEqual([b.count, b.expired, b.run], [1, 1, [1, 1, 1]])
  })

  it('draws all members, as bars that are in order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 3 }), (members, natives, javascript) => {
        const trace = sampleTrace({ members, natives, javascript })
        const { rows, waiting } = reduce(trace)
        assert.equal(sum(rows.flatMap(({ n }) => n)), members)
        const busy = sum(trace.members.map(({ started, ended }) => ended - started))
        assert.ok(Math.abs(sum(rows.flatMap(({ b }) => b)) / 1000 - busy) <= 0.001 * members)
        for (const { s, d } of rows) for (let i = 1; i < s.length; i++) assert.ok(s[i] >= s[i - 1] + d[i - 1] - 2)
        assert.ok(Math.min(...waiting) >= 0)
        assert.ok(Math.max(...waiting) > 0)
      }),
      { numRuns: 30 },
    )
  })

  it('merges what is too short to be seen, and loses none', () => {
    const trace = sampleTrace({ members: 200_000, scale: 0.01 })
    const { rows, cell } = reduce(trace)
    const bars = sum(rows.map(({ s }) => s.length))
    assert.ok(cell > 0)
    assert.ok(bars < 150_000, `${bars} bars`)
    assert.equal(sum(rows.flatMap(({ n }) => n)), 200_000)
    const bad = trace.members.filter(({ state }) => state !== 'fulfilled').length
    assert.equal(sum(rows.flatMap(({ x }) => x)), bad)
  }).timeout(20_000)

  it('is drawn in the docs as it is', () => {
    assert.equal(fs.readFileSync(FILE, 'utf8'), picture(), 'run node scripts/trace-picture.js')
  })

  it('shows how many waited, at most, in each part of the time', () => {
    const member = (queued, started) => ({ call: null, key: null, task: 'a', thread: 1, queued, started, ended: started + 0.1, state: 'fulfilled' })
    const trace = { ...EMPTY, duration: 2048, threads: [{ id: 1, name: 'pool 1', kind: 'native', started: null, ended: null }], members: [member(10.5, 20.5), member(10.5, 30.5), member(100.5, 100.6)] }
    const { waiting } = reduce(trace)
    assert.deepEqual([waiting[9], waiting[10], waiting[15], waiting[20], waiting[25], waiting[30], waiting[31], waiting[100], waiting[101]], [0, 2, 2, 2, 1, 1, 0, 1, 0])
  })
})
