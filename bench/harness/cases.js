'use strict'
// Where cases come from: a module that is a case, or a user's file of several.

const path = require('node:path')
const { pathToFileURL } = require('node:url')
const { begin } = require('./doing.js')

/**
 * @typedef {object} Case
 * @property {string} group heading of the report; '' for a user's own
 * @property {string} title what is done, in a few words
 * @property {(mode: Mode) => Promise<{rows: object[], curves?: Curve[]}>} run
 *   measures in turns, in a process of its own
 * @property {(mode: Mode) => Record<string, Function | object>} [sides] those whose
 *   use of the machine is measured, each in a process of its own (sides.js)
 * @property {(mode: Mode) => unknown} [setup] makes the data of the sides
 * @property {(data: unknown) => unknown} [teardown]
 * @property {boolean} [timed] false where a busy machine makes no difference
 *
 * @typedef {object} Mode
 * @property {boolean} quick few rounds of little: to see that it works
 *
 * @typedef {object} Usage
 * @property {string} side
 * @property {number} runs
 * @property {number} wall ms
 * @property {number} cpu ms, user and system time of all threads
 * @property {{main: number, v8: number, others: number} | null} [threads] of it, ms
 *   of the main thread, of V8's, and of the others; null where the system does not tell
 * @property {{p50: number, p99: number, max: number}} delay of the event loop, ms
 * @property {number} peak bytes, the largest resident set of the process
 *
 * @typedef {object} Curve
 * @property {string} title
 * @property {{label: string, log: boolean}} x
 * @property {{label: string, log: boolean}} y
 * @property {{name: string, points: {x: number, median: number, p10: number, p90: number}[]}[]} series
 */

async function readFile(file) {
  const { readCases } = require('./user-cases.js')
  begin(path.basename(file))
  return readCases(await import(pathToFileURL(file).href), file)
}

/** @returns {Promise<string[]>} names of the cases of a user's file */
const listCases = async (file) => [...(await readFile(file)).keys()]

/**
 * @param {string} file
 * @param {string} [name] of a case in a user's file; without it the module is one
 * @returns {Promise<Case>}
 */
async function loadCase(file, name) {
  return name === undefined ? require(file) : (await readFile(file)).get(name)
}

module.exports = { listCases, loadCase }
