'use strict'
// Small calls of each combinator, and what one would write without it: over the same
// functions, and over promises that they have returned.

const { any, map, parallel, race, sequential } = require('./heddle.js')
const { list } = require('./functions.js')

const SIZES = [1, 4, 10]

/** Calls of a run. */
const callsOf = ({ quick }) => (quick ? 20 : 1_000)

const made = async (i) => i
const plain = (i) => () => made(i)
const declaring = (i) => (_context) => made(i)
const call = (fn) => fn()
const called = (fns) => fns.map(call)
const mapper = async (n) => n + 1

async function loop(fns) {
  const results = []
  for (const fn of fns) results.push(await fn())
  return results
}

async function loopOver(promises) {
  const results = []
  for (const promise of promises) results.push(await promise)
  return results
}

/** One call: ours, and the other way. */
const ways = {
  'parallel, functions': {
    ours: (fns) => parallel(fns),
    theirs: (fns) => Promise.all(called(fns)),
    rival: 'Promise.all over their calls',
  },
  'parallel, promises': {
    ours: (fns) => parallel(called(fns)),
    theirs: (fns) => Promise.all(called(fns)),
    rival: 'Promise.all',
  },
  'map, items': {
    ours: (_fns, items) => map(items, mapper),
    theirs: (_fns, items) => Promise.all(items.map(mapper)),
    rival: 'Promise.all over the calls',
  },
  'map, promises': {
    ours: (fns) => map(called(fns), mapper),
    theirs: (fns) => Promise.all(called(fns).map(async (promise) => mapper(await promise))),
    rival: 'Promise.all over the calls',
  },
  'sequential, functions': {
    ours: (fns) => sequential(fns),
    theirs: loop,
    rival: 'a for loop with await',
  },
  'sequential, promises': {
    ours: (fns) => sequential(called(fns)),
    theirs: (fns) => loopOver(called(fns)),
    rival: 'a for loop with await',
  },
  'race, functions': {
    ours: (fns) => race(fns),
    theirs: (fns) => Promise.race(called(fns)),
    rival: 'Promise.race over their calls',
  },
  'race, promises': {
    ours: (fns) => race(called(fns)),
    theirs: (fns) => Promise.race(called(fns)),
    rival: 'Promise.race',
  },
  'any, functions': {
    ours: (fns) => any(fns),
    theirs: (fns) => Promise.any(called(fns)),
    rival: 'Promise.any over their calls',
  },
  'any, promises': {
    ours: (fns) => any(called(fns)),
    theirs: (fns) => Promise.any(called(fns)),
    rival: 'Promise.any',
  },
}

/** A run: calls one after the other, over the same functions. */
function runOf(way, make, size, mode) {
  const fns = list(size, make)
  const items = list(size, (i) => i)
  return async () => {
    for (let i = callsOf(mode); i > 0; i--) await way(fns, items)
  }
}

const few = (size, kind) => `${size} ${size === 1 ? kind.replace(/s$/, '') : kind}`

/**
 * @param {string} name of `ways`
 * @param {object} [more]
 * @param {(size: number) => object[]} [more.claims]
 * @param {boolean} [more.parameter] whether the functions declare one
 * @returns {import('../harness/paired.js').Subject}
 */
function subjectOf(name, { claims, parameter = false } = {}) {
  const { ours, theirs, rival } = ways[name]
  const [combinator, kind] = name.split(', ')
  const make = parameter ? declaring : plain
  return {
    sizes: SIZES,
    what: (size) => `${combinator} of ${few(size, kind)}${parameter ? ' with a parameter' : ''}`,
    unit: 'µs/call',
    scale: (_size, mode) => 1e3 / callsOf(mode),
    rival,
    ours: (size, mode) => runOf(ours, make, size, mode),
    theirs: (size, mode) => runOf(theirs, make, size, mode),
    claims,
    large: !parameter,
  }
}

/** For the use of the machine: the same at one size, each way by itself. */
function sidesOf(names, mode) {
  const size = 4
  const sides = names.flatMap((name) => {
    const { ours, theirs, rival } = ways[name]
    return [
      [`heddle, ${name}`, () => runOf(ours, plain, size, mode)()],
      [`${rival}, ${name}`, () => runOf(theirs, plain, size, mode)()],
    ]
  })
  return Object.fromEntries(sides)
}

module.exports = { sidesOf, subjectOf }
