'use strict'
// What a thread imports before anything else. Sent as source, with lib/thread/worker.js.

/** What --import names, in Node's order: it does not run in a worker that is made from source. */
function preloadsIn(flags, variable = '') {
  const found = []
  const words = []
  // Words of the variable may stand in double quotes, with backslashes in them.
  for (const [, quoted, plain] of variable.matchAll(/"((?:[^"\\]|\\.)*)"|([^\s"]+)/g)) {
    words.push(plain === undefined ? quoted.replace(/\\(.)/g, '$1') : plain)
  }
  const all = [...words, ...flags]
  for (let i = 0; i < all.length; i++) {
    if (all[i] === '--import' && i + 1 < all.length) found.push(all[++i])
    else if (all[i].startsWith('--import=')) found.push(all[i].slice('--import='.length))
  }
  return found
}

module.exports = { preloadsIn }
