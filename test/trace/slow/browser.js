'use strict'
// The page of a Trace in headless Chromium, opened from a file with the network shut.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { pathToFileURL } = require('node:url')
const axe = require('axe-core')
const { figuresOf } = require('../../../lib/trace/page/figures.js')
const { page: write } = require('../../../lib/trace/page/index.js')
const { launch } = require('../../helpers/browser.js')
const { temporaryFolder } = require('../../support.js')
const { sampleTrace } = require('../sample.js')

const PHONE = { width: 360, height: 740 }
const DESKTOP = { width: 1280, height: 900 }

describe('the page of a Trace in a browser', () => {
  const at = temporaryFolder()
  const trace = sampleTrace({ missing: 5 })
  let browser

  before(async () => {
    browser = await launch()
    fs.writeFileSync(at('run.html'), [...write(trace)].join(''))
  })
  after(() => browser?.close())

  /** Opens it. What it asks for, says or throws is an error. */
  async function open({ file = 'run.html', viewport = DESKTOP, colorScheme = 'light' } = {}) {
    const context = await browser.newContext({ viewport, colorScheme, offline: true })
    const tab = await context.newPage()
    const problems = []
    tab.on('console', (message) => problems.push(message.text()))
    tab.on('pageerror', (error) => problems.push(error.message))
    tab.on('request', (request) => !request.url().startsWith('file:') && problems.push(request.url()))
    await tab.goto(pathToFileURL(path.resolve(at(file))).href)
    await drawn(tab)
    return { tab, close: async () => (assert.deepEqual(problems, []), context.close()) }
  }

  /** Two frames: what was asked for is drawn. */
  const drawn = (tab) =>
    tab.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))

  const pictureOf = (tab) => tab.evaluate(() => document.getElementById('view').toDataURL())
  const said = (tab) => tab.textContent('#said')

  it('has the totals of the Trace', async () => {
    const { tab, close } = await open()
    const data = JSON.parse(await tab.textContent('#data'))
    const all = data.rows.reduce((sum, { n }) => sum + n.reduce((a, b) => a + b, 0), 0)
    assert.equal(all, trace.members.length)
    const rows = await tab.evaluate(() =>
      [...document.querySelectorAll('tr[data-task]')].map((row) => [...row.children].map((cell) => cell.textContent)),
    )
    assert.deepEqual(
      rows.map(([task, count, , , , , , , failed, cancelled, expired]) => [task, count, failed, cancelled, expired]),
      figuresOf(trace).map(({ task, count, failed, cancelled, expired }) => [task, ...[count, failed, cancelled, expired].map(String)]),
    )
    assert.equal(await tab.locator('button[data-call]').count(), trace.calls.length)
    assert.match(await tab.textContent('.missing'), /5 members/)
    await close()
  })

  for (const colorScheme of ['light', 'dark']) {
    for (const viewport of [DESKTOP, PHONE]) {
      it(`has nothing that axe finds, ${colorScheme}, ${viewport.width} px wide`, async () => {
        const { tab, close } = await open({ viewport, colorScheme })
        // The policy lets no script in; this one is the test's.
        const { violations } = await tab.evaluate(`(() => { ${axe.source}; return axe.run(document) })()`)
        assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes[0].html]), [])
        const { scrollWidth } = await tab.evaluate(() => ({ scrollWidth: document.documentElement.scrollWidth }))
        assert.ok(scrollWidth <= viewport.width, `${scrollWidth} px`)
        await close()
      })
    }
  }

  it('draws other colours where it is dark', async () => {
    const light = await open()
    const dark = await open({ colorScheme: 'dark' })
    assert.notEqual(await pictureOf(light.tab), await pictureOf(dark.tab))
    await light.tab.emulateMedia({ colorScheme: 'dark' })
    await drawn(light.tab)
    assert.equal(await pictureOf(light.tab), await pictureOf(dark.tab))
    await light.close()
    await dark.close()
  })

  it('is used by keys alone', async () => {
    const { tab, close } = await open()
    await tab.focus('#view')
    const whole = await pictureOf(tab)
    const after = async (key) => {
      await tab.keyboard.press(key)
      await drawn(tab)
      return pictureOf(tab)
    }
    const near = await after('+')
    assert.notEqual(near, whole)
    assert.notEqual(await after('ArrowRight'), near)
    assert.equal(await after('0'), whole)
    await after('n')
    assert.match(await said(tab), /ran .* after it had waited .* on pool 1/)
    const first = await said(tab)
    await after('n')
    assert.notEqual(await said(tab), first)
    await after('ArrowDown')
    assert.match(await said(tab), /on pool 2/)
    await after('Enter')
    assert.match(await said(tab), / at \/app\/src\/.*took /)
    assert.equal(await tab.locator('button[data-call][aria-pressed=true]').count(), 1)
    await after('Escape')
    assert.equal(await tab.locator('button[data-call][aria-pressed=true]').count(), 0)
    assert.equal(await pictureOf(tab), whole)
    await close()
  })

  it('lights up the members of a call that is clicked, and says what is under the pointer', async () => {
    const { tab, close } = await open()
    const whole = await pictureOf(tab)
    await tab.locator('button[data-call]').first().click()
    await drawn(tab)
    assert.notEqual(await pictureOf(tab), whole)
    assert.match(await said(tab), / at \/app\/src\//)
    await tab.locator('button[data-call]').first().click()
    await tab.click('#all')
    await drawn(tab)
    assert.equal(await pictureOf(tab), whole)
    const box = await tab.locator('#view').boundingBox()
    const seen = new Set()
    for (let y = 10; y < box.height; y += 6) {
      await tab.mouse.move(box.x + 130 + (box.width - 130) * 0.345, box.y + y) // within the first stall
      if (await tab.isVisible('#tip')) seen.add((await tab.textContent('#tip')).split(/[ \n]/)[0])
    }
    assert.ok(seen.has('the'), 'a stall') // 'the event loop did not go on for …'
    assert.ok(seen.has('up'), 'what waits') // 'up to … members wait'
    await close()
  })

  it('opens 1,000,000 members from less than 10 MB', async () => {
    fs.writeFileSync(at('big.html'), [...write(sampleTrace({ members: 1e6, natives: 8, javascript: 4, scale: 0.01 }))].join(''))
    assert.ok(fs.statSync(at('big.html')).size < 10e6)
    const { tab, close } = await open({ file: 'big.html' })
    const data = JSON.parse(await tab.textContent('#data'))
    assert.equal(data.rows.reduce((sum, { n }) => sum + n.reduce((a, b) => a + b, 0), 0), 1e6)
    assert.match(await tab.textContent('#coarse'), /are drawn together with their neighbours/)
    await close()
  })
})
