'use strict'
// The report of the benchmark: results, as `--json` writes them, as a page and as charts.

const { libraries } = require('./libraries.js')
const { model } = require('./model.js')
const { ofAll, ofCase } = require('./charts.js')
const { standalone } = require('./svg.js')

/**
 * For whoever wants to know before a long run that a report can be made of it.
 * @throws {Error} when a library is missing; its message says how to install it
 */
async function ready() {
  await libraries()
}

/**
 * One HTML page that needs nothing beside itself.
 * @param {{head: object, quick: boolean, results: object[]}} results
 * @returns {Promise<string>}
 */
async function page(results) {
  const { write } = require('./page.js')
  return write(await libraries(), model(results))
}

/**
 * The charts of the page as files of their own: SVG with its colours, light and dark.
 * @param {{head: object, quick: boolean, results: object[]}} results
 * @returns {Promise<{id: string, kind: string, group: string, name: string|null, title: string,
 *   svg: string, description: string, table: {caption: string, columns: string[], rows: string[][]}}[]>}
 */
async function charts(results) {
  const kit = await libraries()
  const made = model(results)
  const drawn = [
    ofAll(kit, made),
    ...made.groups.flatMap(({ heading, cases: list }) =>
      list.flatMap((each) => ofCase(kit, heading, each)),
    ),
  ].filter((chart) => chart !== null)
  return drawn.map((chart) => {
    const { id, kind, group, name, heading, description, table } = chart
    const svg = standalone(kit.document, chart.element, chart)
    return { id, kind, group, name, title: heading, svg, description, table }
  })
}

module.exports = { ready, page, charts }
