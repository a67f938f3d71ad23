'use strict'
// examples/plugins: each task against the same in JavaScript.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { load, parallel, run, stats } = require('heddle')
const { file } = require('heddle/tasks')
const { compileFile, noLeaks } = require('../helpers/plugin.js')
const { idle, rejection, root, temporaryFolder, until } = require('../support.js')

const folder = path.join(root, 'examples', 'plugins')
const example = (name) => load(compileFile(path.join(folder, `${name}.c`), { flags: ['-Wshadow'] }))

/** The same numbers in every run, from 0 to 1. */
function numbers(count, seed = 1) {
  return Array.from({ length: count }, () => (seed = (seed * 48271) % 2147483647) / 2147483647)
}

const near = (got, wanted) =>
  assert.ok(Math.abs(got - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted)), `${got}, not ${wanted}`)

describe('examples/plugins: stats', () => {
  let tasks
  before(() => (tasks = example('stats')))

  const kinds = [
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
  ]
  for (const Kind of kinds) {
    it(`summary of ${Kind.name}`, async () => {
      const plain = numbers(10_000).map((x) => Math.floor(x * 100))
      const values = Kind.name.startsWith('Big') ? Kind.from(plain.map(BigInt)) : Kind.from(plain)
      const { count, mean, variance, min, max } = await tasks.summary(values)
      const average = plain.reduce((sum, x) => sum + x, 0) / plain.length
      near(mean, average)
      near(variance, plain.reduce((sum, x) => sum + (x - average) ** 2, 0) / (plain.length - 1))
      assert.deepEqual([count, min, max], [10_000, Math.min(...plain), Math.max(...plain)])
    })
  }

  it('summary of large numbers, of one and of none', async () => {
    const values = Float64Array.from(numbers(9000), (x) => 1e9 + x)
    const average = numbers(9000).reduce((sum, x) => sum + x, 0) / 9000
    const variance = numbers(9000).reduce((sum, x) => sum + (x - average) ** 2, 0) / 8999
    assert.ok(Math.abs((await tasks.summary(values)).variance - variance) < 1e-6)
    assert.deepEqual(await tasks.summary(Float64Array.of(5)), {
      count: 1,
      mean: 5,
      variance: NaN,
      min: 5,
      max: 5,
    })
    assert.deepEqual(await tasks.summary(new Float64Array(0)), {
      count: 0,
      mean: NaN,
      variance: NaN,
      min: NaN,
      max: NaN,
    })
  })

  it('quantiles', async () => {
    const wanted = [0, 0.1, 0.25, 0.5, 0.999, 1]
    for (const values of [
      numbers(10_001),
      numbers(2),
      [7],
      Array(1000).fill(3),
      numbers(500).map((x) => Math.round(x * 5)),
    ]) {
      const sorted = [...values].sort((a, b) => a - b)
      const result = await tasks.quantiles(Float64Array.from(values), Float64Array.from(wanted))
      wanted.forEach((probability, i) => {
        const place = probability * (sorted.length - 1)
        const low = sorted[Math.floor(place)]
        near(result[i], low + (place % 1) * ((sorted[Math.floor(place) + 1] ?? low) - low))
      })
    }
    const half = Float64Array.of(0.5)
    assert.equal((await rejection(tasks.quantiles(new Float64Array(0), half))).code, 'ERR_EMPTY')
    assert.equal((await rejection(tasks.quantiles(Float64Array.of(1, NaN), half))).code, 'ERR_NAN')
    assert.equal(
      (await rejection(tasks.quantiles(half, Float64Array.of(2)))).code,
      'ERR_PROBABILITY',
    )
  })

  it('histogram', async () => {
    const values = Float64Array.of(0, 0.5, 1, 1.5, 2, 4)
    const { edges, counts } = await tasks.histogram(values, { bins: 4 })
    assert.deepEqual([edges, counts], [Float64Array.of(0, 1, 2, 3, 4), Uint32Array.of(2, 2, 1, 1)])
    const part = await tasks.histogram(values, { bins: 2, min: 1, max: 2 })
    assert.deepEqual([...part.counts], [1, 2])
    assert.deepEqual(
      [...(await tasks.histogram(Float64Array.of(3, 3))).counts],
      [2, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    )
    assert.equal((await rejection(tasks.histogram(new Float64Array(0)))).code, 'ERR_BOUNDS')
    assert.throws(() => tasks.histogram(values, { bins: 0 }), RangeError)
  })
})

describe('examples/plugins: mandelbrot', () => {
  let mandelbrot
  before(() => ({ mandelbrot } = example('mandelbrot')))

  it('draws pixels, the same as one thread would', async () => {
    const pixels = await mandelbrot(60, 40)
    assert.ok(pixels instanceof Uint8ClampedArray)
    assert.equal(pixels.length, 60 * 40 * 4)
    const inside = (column, row) => {
      const [x, y] = [-0.75 + (column - 29.5) * 0.05, (row - 19.5) * 0.05]
      let [a, b] = [0, 0]
      for (let i = 0; i < 500; i++) {
        if (a * a + b * b > 256) return false
        ;[a, b] = [a * a - b * b + x, 2 * a * b + y]
      }
      return true
    }
    for (let row = 0; row < 40; row++) {
      for (let column = 0; column < 60; column++) {
        const [red, green, blue, alpha] = pixels.subarray(4 * (row * 60 + column))
        assert.equal(alpha, 255)
        assert.equal(
          red === 0 && green === 0 && blue === 0,
          inside(column, row),
          `${column}, ${row}`,
        )
      }
    }
  })

  it('reports progress, and stops', async () => {
    const fractions = []
    const controller = new AbortController()
    const endless = mandelbrot(16384, 16384, { iterations: 1e5, scale: 0.001 })
    const promise = run(endless, { signal: controller.signal, join: true })
    await until(() => stats().running > 0)
    controller.abort()
    await assert.rejects(promise, { name: 'AbortError' })
    await idle()
    await run(mandelbrot(100, 64), { onProgress: ({ fraction }) => fractions.push(fraction) })
    assert.equal(fractions.at(-1), 1)
  })
})

describe('examples/plugins: neighbours', () => {
  let neighbours
  before(() => ({ neighbours } = example('neighbours')))

  for (const [count, dimensions, k] of [
    [20_000, 8, 10],
    [1, 3, 5],
    [2048, 2, 1],
    [5000, 1, 1000],
  ]) {
    it(`${k} of ${count} points of ${dimensions} dimensions`, async () => {
      const points = Float32Array.from(numbers(count * dimensions), (x) => Math.round(x * 50))
      const query = Float32Array.from(numbers(dimensions, 5), (x) => Math.round(x * 50))
      const all = Array.from({ length: count }, (_, index) => {
        const squares = query.map((x, i) => (x - points[index * dimensions + i]) ** 2)
        return { index, distance: squares.reduce((sum, x) => sum + x, 0) }
      })
      all.sort((a, b) => a.distance - b.distance || a.index - b.index)
      const wanted = all.slice(0, k)
      const { indices, distances } = await neighbours(points, query, k)
      assert.deepEqual(
        [...indices],
        wanted.map(({ index }) => index),
      )
      assert.deepEqual(
        [...distances],
        wanted.map(({ distance }) => Math.fround(Math.sqrt(distance))),
      )
    })
  }

  it('of none, and of what are no points', async () => {
    const none = await neighbours(new Float32Array(0), new Float32Array(2), 3)
    assert.equal(none.indices.length, 0)
    assert.equal(
      (await rejection(neighbours(new Float32Array(3), new Float32Array(2)))).code,
      'ERR_DIMENSIONS',
    )
    assert.equal(
      (await rejection(neighbours(new Float32Array(3), new Float32Array(0)))).code,
      'ERR_DIMENSIONS',
    )
  })

  it('many at once, each with all threads', async () => {
    const points = Float32Array.from(numbers(30_000))
    const queries = Array.from({ length: 20 }, (_, i) => points.slice(i * 300, i * 300 + 3))
    const results = await parallel(queries.map((query) => neighbours(points, query)))
    results.forEach(({ indices, distances }, i) =>
      assert.deepEqual([indices[0], distances[0]], [i * 100, 0]),
    )
  })
})

describe('examples/plugins: levenshtein', () => {
  const at = temporaryFolder()
  let levenshtein
  before(() => ({ levenshtein } = example('levenshtein')))

  function distance(a, b) {
    let row = Array.from({ length: a.length + 1 }, (_, i) => i)
    for (const character of b) {
      const next = [row[0] + 1]
      for (let i = 0; i < a.length; i++) {
        next.push(Math.min(row[i] + (a[i] === character ? 0 : 1), row[i + 1] + 1, next[i] + 1))
      }
      row = next
    }
    return row[a.length]
  }

  it('gives the distance to each line, in characters', async () => {
    const letters = [...'abcä😀']
    const words = Array.from({ length: 200 }, (_, i) =>
      numbers(i % 9, i + 1)
        .map((x) => letters[Math.floor(x * 5)])
        .join(''),
    )
    for (const word of ['', 'abc', 'aä😀c', 'cabbäge']) {
      const wanted = words.map((other) => distance([...word], [...other]))
      assert.deepEqual(
        [...(await levenshtein(word, words.join('\n')))].slice(0, words.length),
        wanted,
      )
    }
  })

  it('takes files, ends of lines of both kinds, and nothing', async () => {
    fs.writeFileSync(at('words'), 'heddle\r\nhuddle\r\n\r\nmeddler\n')
    assert.deepEqual(await levenshtein('heddle', file(at('words'))), Uint32Array.of(0, 1, 6, 2))
    assert.deepEqual(await levenshtein('a', ''), new Uint32Array(0))
    assert.deepEqual(await levenshtein('a', '\n'), Uint32Array.of(1))
  })
})

describe('examples/plugins: csv', () => {
  const at = temporaryFolder()
  let sumColumn
  before(() => ({ sumColumn } = example('csv')))

  it('sums a column of a file that is larger than a block', async () => {
    const prices = numbers(20_000).map((x) => Math.round(x * 1e6) / 100)
    const lines = prices.map(
      (price, i) => `${i},"a ""name"", of\ntwo lines",${i % 100 === 7 ? '' : price}`,
    )
    fs.writeFileSync(at('prices.csv'), `\uFEFFid,name,price\r\n${lines.join('\r\n')}\r\n`)
    const { rows, empty, sum } = await sumColumn(file(at('prices.csv')), 'price')
    assert.deepEqual([rows, empty], [20_000, 200])
    near(
      sum,
      prices.filter((_, i) => i % 100 !== 7).reduce((total, price) => total + price, 0),
    )
    assert.equal((await sumColumn(file(at('prices.csv')), 'id')).sum, (19_999 * 20_000) / 2)
  })

  it('takes other separators, strings, and short lines', async () => {
    assert.deepEqual(await sumColumn('a;b\n1;2\n3\n\n5;6', 'b', { separator: 'semicolon' }), {
      rows: 3,
      empty: 0,
      sum: 8,
    })
    assert.deepEqual(await sumColumn('a\tb\n1\t0.1\n2\t0.2\n3\t0.3', 'b', { separator: 'tab' }), {
      rows: 3,
      empty: 0,
      sum: 0.6,
    })
    assert.deepEqual(await sumColumn('a\n', 'a'), { rows: 0, empty: 0, sum: 0 })
    assert.deepEqual(await sumColumn('x\n1e100\n1\n-1e100', 'x'), { rows: 3, empty: 0, sum: 1 })
  })

  const bad = [
    ['a,b\n1,2', 'c', 'ERR_CSV_COLUMN', /no column 'c'/],
    ['', 'c', 'ERR_CSV_COLUMN', /no column 'c'/],
    ['a,b\n1,2\n3,four', 'b', 'ERR_CSV_NUMBER', /line 3: 'four' is no number/],
    ['a\n"1\n2', 'a', 'ERR_CSV_QUOTE', /quote is not closed/],
  ]
  for (const [text, column, code, message] of bad) {
    it(`refuses: ${code}, ${message}`, async () => {
      const error = await rejection(sumColumn(text, column))
      assert.equal(error.code, code)
      assert.match(error.message, message)
    })
  }
})

describe('examples/plugins/run.js', () => {
  it('builds all and shows what each does', function () {
    this.timeout(120_000)
    const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(folder, 'run.js')], {
      encoding: 'utf8',
      env: { ...process.env, ...noLeaks },
    })
    assert.deepEqual([status, stderr], [0, ''])
    assert.deepEqual(stdout.split('\n'), [
      'stats: of 200000 numbers, half are below 0.50; in 4 bins: 49909, 49960, 50190, 49941',
      'mandelbrot: 64000 pixels; the one in the middle is rgb(0, 0, 0)',
      'neighbours: the nearest to point 777 of 20000 are 777, 12539, 2543',
      'levenshtein: weave 4, heddle 0, huddle 1, hurdle 2, middle 2',
      'csv: 3 rows, 1 without a price; the others make 19.75',
      '',
    ])
  })
})
