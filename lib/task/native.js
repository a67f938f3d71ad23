'use strict'
// The addon, and the one place that knows how it talks: the mailbox by which
// finished members come up, and the numbers that both sides share.

const { load } = require('../load.js')

const native = load()

// As hd_policy in src/engine/group/group.h.
const Policy = { ALL: 0, SETTLED: 1, RACE: 2, ANY: 3, SEQUENCE: 4 }

// As hd_claim_result in src/engine/group/group.h.
const Claim = { HELD: 0, CANCELLED: 1, DROPPED: 2 }

// As the HD_KIND_s in src/binding/environment.h.
const Kind = {
  UNDEFINED: 0,
  NULL: 1,
  FALSE: 2,
  TRUE: 3,
  NUMBER: 4,
  VALUE: 5,
  ERROR: 6,
  CANCELLED: 7,
  DROPPED: 8,
  EXPIRED: 9,
}

const MAILBOX = 1024 // as HD_MAILBOX

/**
 * Begins to receive what the addon delivers. Once an addon: when a test runner
 * loads these files anew, it still gives them the same addon.
 */
function begin() {
  const groups = new Map() // open groups by the addon's number for them
  const kinds = new Int32Array(2 * MAILBOX) // pairs of a member's index and its kind
  const numbers = new Float64Array(MAILBOX) // the numbers among the results
  // The resource of what is called: it keeps no process alive, and says so.
  native.start(deliver, kinds, numbers, { hasRef: () => false })
  // process.exit() waits for libuv's threads, and runs no hook of the addon.
  // First in line: a listener before it might throw.
  process.prependListener('exit', () => native.stop())

  function deliver(id, count, finished, droppedFrom, ...values) {
    const group = groups.get(id)
    if (group === undefined) return // it could not be opened
    if (finished) groups.delete(id)
    group.deliver(count, values, finished, droppedFrom)
  }

  return { groups, kinds, numbers }
}

native.mailbox ??= begin()
const { groups, kinds, numbers } = native.mailbox

module.exports = { native, groups, kinds, numbers, Policy, Claim, Kind }
