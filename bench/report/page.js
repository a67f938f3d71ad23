'use strict'
// The page: a document that is built element by element, so that nothing of the results can
// become markup.

const { makers } = require('./dom.js')
const { sheet } = require('./sheets.js')
const { ofAll, ofCase } = require('./charts.js')
const { percent } = require('./numbers.js')
const tables = require('./tables.js')
const claims = require('./claims.js')
const summary = require('./summary.js')

/** A box that scrolls by itself, with the keyboard as well. */
function tableOf({ h }, { caption, columns, rows }, id) {
  const head = columns.map((text) => h('th', { scope: 'col' }, text))
  const body = rows.map(([first, ...rest]) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, first),
      rest.map((text) => h('td', {}, text)),
    ),
  )
  return h(
    'div',
    { class: 'scroll', role: 'group', tabindex: 0, 'aria-labelledby': `${id}-caption` },
    h(
      'table',
      { id: `${id}-table` },
      h('caption', { id: `${id}-caption` }, caption),
      h('thead', {}, h('tr', {}, head)),
      h('tbody', {}, body),
    ),
  )
}

function figureOf(make, chart, quick) {
  const { h } = make
  return h(
    'figure',
    { class: chart.kind, 'data-chart': chart.id },
    h(
      'figcaption',
      {},
      h('span', { class: 'title' }, chart.title),
      h('span', { class: 'note' }, chart.note),
    ),
    chart.element,
    claims.list(make, chart.rows, quick),
    h(
      'details',
      {},
      h('summary', {}, 'Table of the figures'),
      tableOf(make, chart.table, chart.id),
    ),
  )
}

/** The use of one side alone has no chart, and is a table. */
function usageOf(make, each, charts) {
  if (each.usage.length === 0 || charts.some(({ kind }) => kind === 'usage')) return null
  return tableOf(
    make,
    tables.ofUsage(each.usage, `${each.title}: what each side used`),
    `${each.slug}-used`,
  )
}

/** Claims about rows that could not be drawn are not lost. */
function undrawn(make, each, charts, quick) {
  const drawn = new Set(charts.flatMap(({ rows }) => rows))
  return claims.list(
    make,
    each.rows.filter((row) => !drawn.has(row)),
    quick,
  )
}

function caseOf(kit, make, group, each, quick) {
  const { h } = make
  const charts = ofCase(kit, group, each)
  return h(
    'article',
    {
      id: each.slug,
      class: `wide-${Math.max(1, Math.min(3, charts.length))}`,
      'aria-labelledby': `${each.slug}-heading`,
    },
    h('h3', { id: `${each.slug}-heading` }, each.title),
    each.title === each.name ? null : h('p', { class: 'name' }, h('code', {}, each.name)),
    each.disturbed
      ? h(
          'p',
          { class: 'name' },
          `Other processes took ${percent(each.others)} of all cores meanwhile.`,
        )
      : null,
    each.crash === undefined
      ? null
      : h('p', { class: 'notice bad crash' }, h('b', {}, 'Could not be run: '), each.crash),
    h(
      'div',
      { class: 'grid' },
      charts.map((chart) => figureOf(make, chart, quick)),
    ),
    undrawn(make, each, charts, quick),
    usageOf(make, each, charts),
  )
}

function top({ h }, model) {
  const facts = summary
    .circumstances(model)
    .map(([term, text]) => h('div', {}, h('dt', {}, term), h('dd', {}, text)))
  return h(
    'header',
    {},
    h('h1', {}, 'heddle benchmark'),
    h(
      'p',
      { class: 'lead' },
      'heddle beside what one would use instead, measured in turns in the same run.',
    ),
    h('dl', {}, facts),
  )
}

function overview(kit, make, model) {
  const { h } = make
  const chart = ofAll(kit, model)
  return h(
    'section',
    { id: 'summary', 'aria-labelledby': 'summary-heading' },
    h('h2', { id: 'summary-heading' }, 'Summary'),
    h(
      'div',
      { class: 'summary' },
      h(
        'div',
        {},
        h('p', { class: 'conclusion' }, summary.conclusion(model)),
        [summary.quickNotice, summary.failures, summary.crashes, summary.disturbances].map((part) =>
          part(make, model),
        ),
        contents(make, model),
      ),
      chart === null ? null : figureOf(make, chart, model.quick),
    ),
  )
}

const anchor = (i) => `group-${i + 1}`

function contents({ h }, { groups }) {
  const links = groups.map(({ heading, cases }, i) =>
    h(
      'li',
      {},
      h('a', { href: `#${anchor(i)}` }, heading),
      h('span', { class: 'note' }, ` ${cases.length}`),
    ),
  )
  return h('nav', { 'aria-label': 'Groups of cases' }, h('h3', {}, 'Cases'), h('ul', {}, links))
}

function groupOf(kit, make, { heading, cases }, i, quick) {
  const { h } = make
  return h(
    'section',
    { id: anchor(i), 'aria-labelledby': `${anchor(i)}-heading` },
    h('h2', { id: `${anchor(i)}-heading` }, heading),
    h(
      'div',
      { class: 'cases' },
      cases.map((each) => caseOf(kit, make, heading, each, quick)),
    ),
  )
}

function bottom({ h }) {
  return h(
    'footer',
    {},
    h('h2', {}, 'How to read it'),
    h(
      'p',
      {},
      'Bars and dots are medians over the rounds. The dark line across each, and the band along each curve, ' +
        'is the middle 80 % of the rounds (p10 to p90). In every round each side ran once, in changing order. ' +
        '“theirs / ours” is the median of the ratios of the rounds: above 1 heddle needs less.',
    ),
  )
}

/**
 * @param {{Plot: object, document: Document}} kit
 * @param {object} model
 * @returns {string}
 */
function write(kit, model) {
  const { document } = kit
  const make = makers(document)
  const { h } = make
  document.documentElement.setAttribute('lang', 'en')
  document.head.append(
    h('meta', { charset: 'utf-8' }),
    h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    h('meta', { name: 'color-scheme', content: 'light dark' }),
    h('link', { rel: 'icon', href: 'data:,' }),
    h('title', {}, 'heddle benchmark'),
    h('style', {}, ['theme', 'chart', 'page'].map(sheet).join('')),
  )
  document.body.append(
    top(make, model),
    h(
      'main',
      {},
      overview(kit, make, model),
      model.groups.map((group, i) => groupOf(kit, make, group, i, model.quick)),
    ),
    bottom(make),
  )
  return `${document.toString()}\n`
}

module.exports = { write }
