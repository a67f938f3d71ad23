'use strict'
// Builds the examples of this folder with `heddle build`, and shows what each does:
// node examples/plugins/run.js

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { load, parallel, race, run } = require('../../lib/index.js')
const { file } = require('../../lib/tasks.js')

const output = path.join(__dirname, '..', '..', 'build', 'examples')

function build(name) {
  const library = path.join(output, `${name}.heddle`)
  const command = path.join(__dirname, '..', '..', 'bin', 'heddle.js')
  const args = [command, 'build', path.join(__dirname, `${name}.c`), '-o', library]
  execFileSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  return load(library)
}

/** Numbers that are the same in every run. */
function numbers(Array, count) {
  let seed = 1
  return Array.from({ length: count }, () => {
    seed = (seed * 48271) % 2147483647
    return seed / 2147483647
  })
}

async function stats() {
  const { summary, quantiles, histogram } = build('stats')
  const values = numbers(Float64Array, 200_000)
  const results = await parallel({
    summary: summary(values),
    quantiles: quantiles(values, Float64Array.of(0.25, 0.5, 0.75)),
    histogram: histogram(values, { bins: 4 }),
  })
  return `of ${results.summary.count} numbers, half are below ${results.quantiles[1].toFixed(2)}; in 4 bins: ${results.histogram.counts.join(', ')}`
}

async function mandelbrot() {
  const draw = build('mandelbrot').mandelbrot
  let reports = 0
  const pixels = await run(draw(320, 200), { onProgress: () => reports++ })
  // Two regions race; the loser is stopped.
  await race([draw(64, 64, { iterations: 50 }), draw(4096, 4096, { iterations: 100_000 })])
  const middle = pixels.subarray(4 * (100 * 320 + 160)).subarray(0, 3)
  return `${pixels.length / 4} pixels; the one in the middle is rgb(${middle.join(', ')})${reports > 0 ? '' : '; no progress'}`
}

async function neighbours() {
  const search = build('neighbours').neighbours
  const points = numbers(Float32Array, 64 * 20_000)
  const { indices } = await search(points, points.slice(64 * 777, 64 * 778), 3)
  return `the nearest to point 777 of 20000 are ${indices.join(', ')}`
}

async function levenshtein() {
  const distances = build('levenshtein').levenshtein
  const words = ['weave', 'heddle', 'huddle', 'hurdle', 'middle']
  const result = await distances('heddle', words.join('\n'))
  return words.map((word, i) => `${word} ${result[i]}`).join(', ')
}

async function csv() {
  const { sumColumn } = build('csv')
  const name = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'heddle-csv-')), 'orders.csv')
  fs.writeFileSync(name, 'item,price\n"warp, fine",12.5\nweft,7.25\nreed,\n')
  try {
    const { rows, empty, sum } = await sumColumn(file(name), 'price')
    return `${rows} rows, ${empty} without a price; the others make ${sum}`
  } finally {
    fs.rmSync(path.dirname(name), { recursive: true })
  }
}

async function main() {
  for (const example of [stats, mandelbrot, neighbours, levenshtein, csv]) {
    console.log(`${example.name}: ${await example()}`)
  }
}

main().catch((error) => {
  console.error(error)
  process.exitCode = 1
})
