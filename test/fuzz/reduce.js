'use strict'
// Takes away from a program whatever it goes wrong without: fast-check's shrinking
// leaves pieces in the middle of lists.

// Lists that are never empty.
const FULL = ['tasks', 'members', 'links']
const OPTIONAL = [
  ...[
    'hook',
    'trap',
    'progress',
    'own',
    'shape',
    'twice',
    'empty',
    'pull',
    'buffer',
    'missing',
    'heeds',
    'fails',
    'ms',
  ],
  ...[
    'signal',
    'proxy',
    'concurrency',
    'timeout',
    'itemTimeout',
    'retry',
    'stopOnError',
    'join',
    'copy',
  ],
  ...['priority', 'ordered', 'backpressure', 'leave'],
]
// Fields that a record with this tag needs.
const needed = (piece, key) => key === 'ms' && piece.is === undefined

/** The programs with one piece less, the largest pieces first. */
function* smaller(piece, key) {
  if (piece === null || typeof piece !== 'object') return
  if (Array.isArray(piece)) {
    const least = FULL.includes(key) ? 2 : 1
    if (piece.length >= least) {
      for (let i = piece.length - 1; i >= 0; i--) {
        const rest = piece.filter((_, at) => at !== i)
        if (rest[0]?.is !== 'previous') yield rest
      }
    }
    for (const [i, element] of piece.entries()) {
      for (const less of smaller(element)) yield piece.map((one, at) => (at === i ? less : one))
    }
    return
  }
  for (const name of Object.keys(piece)) {
    if (OPTIONAL.includes(name) && !needed(piece, name)) {
      const rest = { ...piece }
      delete rest[name]
      yield rest
    }
    for (const less of smaller(piece[name], name)) yield { ...piece, [name]: less }
  }
}

/**
 * @param fails (program) => words or undefined, asynchronous
 * @param until when to leave it at that, in ms of performance.now()
 */
async function reduce(program, fails, until) {
  for (let least = program; ;) {
    let found
    for (const candidate of smaller(least)) {
      if (performance.now() > until) return least
      if ((await fails(candidate)) === undefined) continue
      found = candidate
      break
    }
    if (found === undefined) return least
    least = found
  }
}

module.exports = { reduce }
