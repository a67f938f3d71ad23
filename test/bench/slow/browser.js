'use strict'
// npm run test:report: the page in headless Chromium, opened from a file with the network shut.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { pathToFileURL } = require('node:url')
const axe = require('axe-core')
const { charts, page: write } = require('../../../bench/report/index.js')
const { launch } = require('../../helpers/browser.js')

const PHONE = { width: 360, height: 740 }
const DESKTOP = { width: 1280, height: 900 }

const documents = {
  'every branch': path.join(__dirname, '..', 'fixtures', 'results.json'),
  'the committed results': path.join(__dirname, '..', '..', '..', 'bench', 'results.json'),
}

// Only colours depend on the scheme.
const RULES = { light: {}, dark: { runOnly: ['color-contrast'] } }

// What follows runs in the page.

/** Marks of each chart, and how many of them can be seen within it. */
function countMarks() {
  return [...document.querySelectorAll('figure')].map((figure) => {
    const frame = figure.querySelector('svg').getBoundingClientRect()
    const marks = [...figure.querySelectorAll('.mark > *')]
    const inside = marks.filter((mark) => {
      const box = mark.getBoundingClientRect()
      return (
        box.height > 0 &&
        box.left >= frame.left - 1 &&
        box.right <= frame.right + 1 &&
        box.bottom <= frame.bottom + 1
      )
    })
    return {
      id: figure.dataset.chart,
      kind: figure.className,
      marks: marks.length,
      inside: inside.length,
    }
  })
}

function readTables() {
  const cells = (row) => [...row.children].map((cell) => cell.textContent)
  return [...document.querySelectorAll('figure')].map((figure) => ({
    id: figure.dataset.chart,
    rows: [...figure.querySelectorAll('tbody tr')].map(cells),
  }))
}

/** The least contrast of the charts' text and marks with the page, and the smallest text in px. */
function measureCharts() {
  const channels = (colour) =>
    colour
      .match(/[\d.]+/g)
      .slice(0, 3)
      .map((part) => part / 255)
  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
  const luminance = (colour) => {
    const [red, green, blue] = channels(colour).map(linear)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const ground = luminance(getComputedStyle(document.body).backgroundColor)
  const contrast = (colour) => {
    const [dark, light] = [luminance(colour), ground].sort((a, b) => a - b)
    return (light + 0.05) / (dark + 0.05)
  }
  const fills = (selector) =>
    [...document.querySelectorAll(selector)].map((element) =>
      contrast(getComputedStyle(element).fill),
    )
  const lines = [...document.querySelectorAll('.line path, .interval line')].map((each) =>
    contrast(getComputedStyle(each).stroke),
  )
  const sizes = [...document.querySelectorAll('figure svg')].flatMap((svg) => {
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width
    return [...svg.querySelectorAll('text')].map(
      (text) => parseFloat(getComputedStyle(text).fontSize) * scale,
    )
  })
  return {
    text: Math.min(...fills('figure svg text')),
    marks: Math.min(...fills('.mark > *'), ...lines),
    smallest: Math.min(...sizes),
  }
}

const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth

// Marks that a chart must have, by its table: a dashed line has points but no dots.
const expectedMarks = {
  bars: (rows) => rows.length,
  overview: (rows) => rows.length,
  usage: (rows) => 4 * rows.length,
  curve: (rows) => rows.filter(([name]) => name !== 'ideal' && name !== 'even').length,
}

describe('the report in Chromium', () => {
  let browser
  let folder

  before(async () => {
    browser = await launch()
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heddle-report-'))
  })

  after(async () => {
    await browser?.close()
    if (folder !== undefined) fs.rmSync(folder, { recursive: true, force: true })
  })

  for (const [title, file] of Object.entries(documents)) {
    describe(title, () => {
      let results
      let url

      before(async () => {
        results = JSON.parse(fs.readFileSync(file, 'utf8'))
        const html = path.join(folder, `${path.basename(path.dirname(file))}.html`)
        fs.writeFileSync(html, await write(results))
        url = pathToFileURL(html).href
      })

      /** Opens the page, gives it to `use`, and then wants no error and no request. */
      async function open(options, use) {
        const context = await browser.newContext({ viewport: DESKTOP, offline: true, ...options })
        const troubles = []
        const requests = []
        try {
          const page = await context.newPage()
          page.on('console', (message) => {
            if (['error', 'warning'].includes(message.type())) troubles.push(message.text())
          })
          page.on('pageerror', (error) => troubles.push(error.message))
          page.on('request', (request) => requests.push(request.url()))
          await page.goto(url)
          const found = await use(page)
          assert.deepEqual(troubles, [])
          assert.deepEqual(
            requests.filter((request) => request !== url && !request.startsWith('data:')),
            [],
          )
          return found
        } finally {
          await context.close()
        }
      }

      it('opens without errors and requests, with a mark for every figure', async () => {
        const made = new Map((await charts(results)).map((chart) => [chart.id, chart]))
        const counted = await open({}, (page) => page.evaluate(countMarks))
        assert.equal(counted.length, made.size)
        for (const { id, kind, marks, inside } of counted) {
          assert.equal(marks, expectedMarks[kind](made.get(id).table.rows), id)
          assert.equal(inside, marks, id)
        }
      })

      it('has the figures of each chart in its table', async () => {
        const made = (await charts(results)).map(({ id, table }) => ({ id, rows: table.rows }))
        assert.deepEqual(await open({}, (page) => page.evaluate(readTables)), made)
      })

      it('fits a phone, with text that can be read', async () => {
        await open({ viewport: PHONE }, async (page) => {
          assert.ok((await page.evaluate(overflow)) <= 0)
          await page.evaluate(() =>
            document.querySelectorAll('details').forEach((each) => (each.open = true)),
          )
          assert.ok((await page.evaluate(overflow)) <= 0, 'with all tables open')
          assert.ok((await page.evaluate(measureCharts)).smallest >= 11)
        })
      })

      it('has a dark scheme', async () => {
        const background = () => getComputedStyle(document.body).backgroundColor
        const grounds = []
        for (const colorScheme of ['light', 'dark']) {
          grounds.push(await open({ colorScheme }, (page) => page.evaluate(background)))
        }
        assert.deepEqual(grounds, ['rgb(255, 255, 255)', 'rgb(18, 22, 29)'])
      })

      for (const colorScheme of ['light', 'dark']) {
        it(`is accessible, ${colorScheme}`, async () => {
          await open({ colorScheme, bypassCSP: true }, async (page) => {
            const { text, marks } = await page.evaluate(measureCharts)
            assert.ok(text >= 4.5, `contrast of text ${text}`)
            assert.ok(marks >= 3, `contrast of marks ${marks}`)
            await page.evaluate(() =>
              document.querySelectorAll('details').forEach((each) => (each.open = true)),
            )
            await page.evaluate(axe.source)
            const { violations, passes } = await page.evaluate(
              (rules) => window.axe.run(document, rules),
              RULES[colorScheme],
            )
            const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`)
            assert.deepEqual(found, [])
            assert.ok(passes.some(({ id }) => id === 'color-contrast'))
          })
        })
      }

      it('tells screen readers what each chart shows', async () => {
        const made = await charts(results)
        await open({}, async (page) => {
          const images = await page.getByRole('img').count()
          assert.equal(images, made.length)
          for (const { description } of made.slice(0, 3)) {
            const named = page.getByRole('img', { name: description.trim().replace(/\s+/g, ' ') })
            assert.equal(await named.count(), 1, description)
          }
        })
      })

      it('prints its tables', async () => {
        await open({}, async (page) => {
          await page.emulateMedia({ media: 'print' })
          const heights = await page.evaluate(() =>
            [...document.querySelectorAll('table')].map((each) => each.offsetHeight),
          )
          assert.ok(heights.length > 0 && heights.every((height) => height > 0))
        })
      })

      it('gives charts as files that are well-formed, and images', async () => {
        const files = (await charts(results)).map(({ id, svg }) => ({ id, svg }))
        const found = await open({}, (page) =>
          page.evaluate(async (list) => {
            const bad = []
            for (const { id, svg } of list) {
              if (
                new DOMParser().parseFromString(svg, 'image/svg+xml').querySelector('parsererror')
              )
                bad.push(id)
              const image = new Image()
              image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`
              await image.decode().catch(() => bad.push(`${id} as an image`))
            }
            return bad
          }, files),
        )
        assert.deepEqual(found, [])
      })
    })
  }
})
