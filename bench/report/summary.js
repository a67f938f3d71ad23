'use strict'
// The top of the page: whether the claims hold, and what has to be known before one reads on.

const { percent } = require('./numbers.js')
const { figure } = require('./claims.js')

/** Where nothing is claimed, as for the user's own code. */
function tally(compared) {
  if (compared.length === 0) return 'Nothing was compared.'
  const paying = compared.filter(({ ratio }) => ratio.median >= 1)
  return `heddle needs no more than its first rival in ${paying.length} of ${compared.length} cases.`
}

/** The one sentence. @param {object} model */
function conclusion({ quick, claims, failed, compared }) {
  if (claims.length === 0) return tally(compared)
  if (quick) return `${claims.length} claims, not judged.`
  if (failed.length === 0) return `Every claim holds: ${claims.length} of ${claims.length}.`
  return `${claims.length - failed.length} of ${claims.length} claims hold.`
}

function failures({ h }, { failed }) {
  if (failed.length === 0) return null
  const items = failed.map(({ name, row, text }) =>
    h(
      'li',
      {},
      h('b', {}, name),
      `, ${row.what}: claimed ${text}, `,
      h('b', {}, `measured ${figure(row)}`),
    ),
  )
  const title =
    failed.length === 1 ? 'One claim does not hold' : `${failed.length} claims do not hold`
  return h('div', { class: 'notice bad' }, h('h3', {}, title), h('ul', {}, items))
}

/** What a crash says before its stack. */
const firstLine = (crash) => crash.split('\n')[0]

function crashes({ h }, { crashed }) {
  if (crashed.length === 0) return null
  const items = crashed.map(({ name, crash }) =>
    h('li', {}, h('b', {}, name), `: ${firstLine(crash)}`),
  )
  return h('div', { class: 'notice bad' }, h('h3', {}, 'Could not be run'), h('ul', {}, items))
}

function disturbances({ h }, { disturbed }) {
  if (disturbed.length === 0) return null
  const parts = disturbed.map(({ name, others }) => `${name} (${percent(others)})`)
  return h(
    'div',
    { class: 'notice' },
    h('h3', {}, 'Disturbed by other processes'),
    h(
      'p',
      {},
      `They took a part of all cores meanwhile; do not judge by these cases: ${parts.join(', ')}.`,
    ),
  )
}

function quickNotice({ h }, { quick }) {
  if (!quick) return null
  return h(
    'div',
    { class: 'notice' },
    h('h3', {}, 'A quick run'),
    h('p', {}, 'Few rounds: no claim is judged, and the figures are rough.'),
  )
}

/** What the results are of: [term, text][]. */
function circumstances({ head }) {
  const cores = head.cores === 1 ? '1 core' : `${head.cores} cores`
  return [
    ['Date', `${head.date.slice(0, 10)} ${head.date.slice(11, 16)} UTC`],
    ['Node.js', head.node],
    ...(head.heddle === undefined ? [] : [['heddle', head.heddle]]),
    ['Machine', `${head.cpu}, ${cores}, ${head.platform}`],
    ...(head.threads === undefined ? [] : [['heddle’s threads', String(head.threads)]]),
    ['UV_THREADPOOL_SIZE', head.uvThreadpoolSize],
    ...(Number.isFinite(head.load) ? [['Load before', head.load.toFixed(2)]] : []),
  ]
}

module.exports = {
  conclusion,
  failures,
  crashes,
  disturbances,
  quickNotice,
  circumstances,
  firstLine,
}
