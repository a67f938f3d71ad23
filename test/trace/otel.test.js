'use strict'
// heddle/otel, by the SDK of OpenTelemetry.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const { context, metrics: globalMetrics, trace: globalTrace, SpanStatusCode } = require('@opentelemetry/api')
const { AsyncLocalStorageContextManager } = require('@opentelemetry/context-async-hooks')
const { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } = require('@opentelemetry/sdk-metrics')
const { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } = require('@opentelemetry/sdk-trace-base')
const { configure, map, parallel, race, run, stream, thread } = require('heddle')
const { hash } = require('heddle/tasks')
const { sleep } = require('heddle/testing')
const { instrument } = require('heddle/otel')
const { idle, root } = require('../support.js')

const twice = thread((n) => 2 * n)

const ms = ([seconds, nanoseconds]) => seconds * 1e3 + nanoseconds / 1e6

describe('heddle/otel', () => {
  const exporter = new InMemorySpanExporter()
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  const tracer = provider.getTracer('test')
  let instrumented

  before(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
    globalTrace.setGlobalTracerProvider(provider)
  })
  after(() => {
    context.disable()
    globalTrace.disable()
    globalMetrics.disable()
  })
  beforeEach(idle)
  afterEach(() => {
    instrumented?.stop()
    exporter.reset()
  })

  /** Finished spans by their names. */
  const spans = () => new Map(exporter.getFinishedSpans().map((span) => [span.name, span]))

  it('makes a span of each call, child of the active one, with its times', async () => {
    instrumented = instrument({ metrics: false })
    const from = Date.now()
    await tracer.startActiveSpan('request', async (request) => {
      await parallel([hash('md5', ''), sleep(20), async () => 1])
      request.end()
    })
    const { request, call } = { request: spans().get('request'), call: spans().get('heddle.parallel') }
    assert.equal(call.parentSpanContext.spanId, request.spanContext().spanId)
    assert.equal(call.spanContext().traceId, request.spanContext().traceId)
    assert.ok(ms(call.duration) >= 19)
    assert.ok(Math.abs(ms(call.startTime) - from) < 10_000) // it is a time of day
    assert.equal(call.attributes['heddle.call'], 'parallel')
    assert.equal(call.attributes['heddle.members'], 3)
    assert.match(call.attributes['heddle.place'], /otel\.test\.js:\d+:\d+$/)
    assert.equal(exporter.getFinishedSpans().length, 2)
  })

  it('runs functions in the context of their call', async () => {
    instrumented = instrument({ metrics: false })
    await map([1, 2], async (n) => {
      await null
      tracer.startSpan(`item ${n}`).end()
      await run(twice(n))
    }, { concurrency: 1 })
    const call = spans().get('heddle.map').spanContext().spanId
    assert.equal(spans().get('item 1').parentSpanContext.spanId, call)
    assert.equal(spans().get('item 2').parentSpanContext.spanId, call)
    assert.equal(spans().get('heddle.run').parentSpanContext.spanId, call)
  })

  it('says how calls failed', async () => {
    instrumented = instrument({ metrics: false })
    await assert.rejects(parallel([hash('no-such-digest', '')]))
    const { status, attributes, events } = spans().get('heddle.parallel')
    assert.equal(status.code, SpanStatusCode.ERROR)
    assert.match(status.message, /no-such-digest/)
    assert.equal(events[0].name, 'exception')
    assert.equal(typeof attributes['error.type'], 'string')
    // What is thrown may be anything.
    const odd = { get message() { throw new Error('a getter') }, get code() { throw new Error('a getter') } }
    await assert.rejects(parallel([() => Promise.reject(odd)]), (error) => error === odd)
    await assert.rejects(race([Promise.reject(undefined)]), (error) => error === undefined)
  })

  it('makes spans of members that take long, once they are asked for', async () => {
    instrumented = instrument({ metrics: false, members: { longerThan: 10 } })
    await parallel({ slow: sleep(15), quick: hash('md5', ''), js: twice(1) })
    await sleep(12)
    instrumented.stop()
    const members = exporter.getFinishedSpans().filter(({ name }) => name.startsWith('heddle.task '))
    const found = members.map(({ name, attributes }) => [name, attributes['heddle.index']])
    found.sort(([, a], [, b]) => String(a).localeCompare(String(b)))
    assert.deepEqual(found, [['heddle.task sleep', 'slow'], ['heddle.task sleep', undefined]])
    const slow = members.find(({ attributes }) => attributes['heddle.index'] === 'slow')
    const call = spans().get('heddle.parallel')
    assert.equal(slow.parentSpanContext.spanId, call.spanContext().spanId)
    // The SDK places each span in the day by a clock that has whole ms.
    assert.ok(ms(slow.startTime) >= ms(call.startTime) - 3)
    assert.ok(ms(slow.endTime) <= ms(call.endTime) + 3)
    assert.ok(ms(slow.duration) >= 14)
    assert.match(slow.attributes['heddle.thread'], /^(pool|own) \d+$/)
  })

  it('ends spans of streams that are left, and of calls that go on when it stops', async () => {
    instrumented = instrument({ metrics: false })
    for await (const { value } of stream([1, 2, 3], (n) => twice(n))) if (value > 0) break
    assert.ok(spans().has('heddle.stream'))
    const going = parallel([sleep(20)])
    instrumented.stop()
    assert.ok(spans().has('heddle.parallel'))
    await going
  })

  it('makes no spans once it has stopped', async () => {
    instrument({ metrics: false }).stop()
    await parallel([hash('md5', '')])
    assert.equal(exporter.getFinishedSpans().length, 0)
  })

  it('tells figures, and times by task', async () => {
    const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
    const reader = new PeriodicExportingMetricReader({ exporter: metricExporter, exportIntervalMillis: 1e6 })
    const meterProvider = new MeterProvider({ readers: [reader] })
    configure({ histograms: true })
    await parallel([sleep(1)]) // before, and not told
    instrumented = instrument({ traces: false, meterProvider })
    await parallel([sleep(20), sleep(20), twice(1)])
    await reader.forceFlush()
    const first = metricExporter.getMetrics().at(-1).scopeMetrics[0].metrics.map(({ descriptor }) => descriptor.name)
    assert.ok(first.every((name) => name.startsWith('heddle.')))
    for (const name of ['heddle.threads', 'heddle.tasks.queued', 'heddle.tasks.running', 'heddle.tasks.completed']) {
      assert.ok(first.includes(name), name)
    }
    instrumented.stop()
    configure({ histograms: false })
    await meterProvider.forceFlush()
    const all = metricExporter.getMetrics().at(-1).scopeMetrics[0].metrics
    const of = (name) => all.find(({ descriptor }) => descriptor.name === name)
    const points = of('heddle.task.run').dataPoints
    const byTask = new Map(points.map(({ attributes, value }) => [attributes['heddle.task'], value]))
    assert.equal(byTask.get('sleep').count, 2)
    assert.ok(byTask.get('sleep').sum > 0.038 && byTask.get('sleep').sum < 10)
    assert.equal(byTask.get('thread').count, 1)
    assert.equal(of('heddle.task.wait').descriptor.unit, 's')
    await meterProvider.shutdown()
  })

  it('refuses what it does not know', () => {
    const type = { code: 'ERR_HEDDLE_INVALID_ARG_TYPE' }
    assert.throws(() => instrument(null), type)
    assert.throws(() => instrument({ traces: 1 }), type)
    assert.throws(() => instrument({ members: true }), type)
    assert.throws(() => instrument({ members: { longerThan: '1' } }), type)
    assert.throws(() => instrument({ members: { longerThan: -1 } }), { code: 'ERR_HEDDLE_OUT_OF_RANGE' })
    assert.throws(() => instrument({ members: { shorterThan: 1 } }), { code: 'ERR_HEDDLE_MISUSE' })
    assert.throws(() => instrument({ tracerProvider: {} }), type)
    assert.throws(() => instrument({ spans: true }), { code: 'ERR_HEDDLE_MISUSE', message: /no option 'spans'/ })
  })

  it('loads the API when it is used, and says what is missing', () => {
    const program = `
      const Module = require('node:module')
      const load = Module._load
      Module._load = function (name, ...rest) {
        if (name.startsWith('@opentelemetry')) throw Object.assign(new Error('not here'), { code: 'MODULE_NOT_FOUND' })
        return load.call(this, name, ...rest)
      }
      const { instrument } = require('heddle/otel')
      try {
        instrument()
      } catch ({ code, message }) {
        console.log(code, message.includes('npm install @opentelemetry/api'))
      }
      const { parallel } = require('heddle')
      parallel([() => 1]).then(console.log)
    `
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', program], { cwd: root, encoding: 'utf8' })
    assert.equal(stdout, 'ERR_HEDDLE_MISSING_PEER true\n[ 1 ]\n', stderr)
  })
})
