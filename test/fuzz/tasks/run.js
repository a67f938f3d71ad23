'use strict'
// Runs a case: words for where heddle differs from Node.js, or undefined.

const fs = require('node:fs')
const { inspect, isDeepStrictEqual } = require('node:util')
const zlib = require('node:zlib')
const { ArgumentMaker, outcome, params, TYPE } = require('./arguments.js')
const { outcomes } = require('./expected.js')
const { sorted } = require('./numeric.js')

const show = (value) =>
  inspect(value, { breakLength: Infinity, depth: 2, maxArrayLength: 8, maxStringLength: 80 })
const shown = ({ name, message, code, errno }) => ({ name, message, code, errno })

/** Whether a value is the one that is expected, also of the same kind of array. */
function same(got, expected) {
  if (Buffer.isBuffer(expected)) {
    const own = Buffer.isBuffer(got) && got.buffer instanceof ArrayBuffer
    return own && got.equals(expected)
  }
  if (!ArrayBuffer.isView(expected)) return Object.is(got, expected)
  if (got?.[Symbol.toStringTag] !== expected[Symbol.toStringTag]) return false
  return got.length === expected.length && got.every((n, i) => Object.is(n, expected[i]))
}

function fits({ value, error }, expected) {
  if (expected.check) return error === undefined && expected.check(value) === undefined
  if (expected.code) return error?.code === expected.code
  if (expected.error) return error !== undefined && isDeepStrictEqual(shown(error), expected.error)
  return error === undefined && same(value, expected.value)
}

const words = ({ value, error }, expected) =>
  error === undefined && expected.check ? expected.check(value) : show(expected)

/** A Task whose result is a value; undefined where there is none. */
function taskOf({ tasks }, { bytes, array, value }) {
  if (bytes !== undefined) return tasks.inflateRaw(zlib.deflateRawSync(bytes))
  if (array !== undefined) return tasks.sort(array)
  if (typeof value === 'number' && !Object.is(value, -0)) return tasks.sum(Float64Array.of(value))
}

class Case {
  constructor(it, world) {
    this.it = it
    this.world = world
    const maker = new ArgumentMaker(it, world)
    this.args = it.args.map((argument, i) => maker.make(argument, i))
    if (it.options !== undefined)
      this.options = maker.options((more) => this.#resultLength() + more)
    this.first = this.args[it.previous]
    if (it.run === 'chain' && this.first !== undefined) this.#chained()
  }

  /** The argument of a chain is the result of a Task, where one gives that. */
  #chained() {
    const { first } = this
    if (first.given?.path === undefined) this.source = taskOf(this.world, first)
    if (this.source === undefined) return
    // A result is bytes, whatever they were.
    if (first.bytes !== undefined) first.given = first.bytes
    // sort puts them in order.
    if (first.array !== undefined) first.array = first.given = sorted(first.array)
  }

  #resultLength() {
    const [one] = outcomes(this.it.task, this.args.map(meaning), {})
    return Math.max(one.value?.length ?? 0, 1)
  }

  get problems() {
    const own = this.args.map(({ problem }) => problem).filter(Boolean)
    return [...own, ...(this.options?.problems ?? [])]
  }

  /** What may come: outcomes. */
  expected() {
    const { task } = this.it
    const { problems } = this
    if (this.first?.problem !== undefined) problems.push(TYPE) // of a result no more is said
    if (problems.length > 0) return problems.map((code) => ({ code }))
    const isArray = (kind) => kind === 'array'
    if (this.args.some(({ array }, i) => isArray(params[task][i]) && array === undefined))
      return [{ code: TYPE }]
    const failing = this.args.find(({ fails }) => fails)
    if (failing) return [{ code: failing.fails.error.code }, ...this.#unread()]
    return outcomes(task, this.args.map(meaning), { ...this.options?.given })
  }

  /** What comes before a file is read. */
  #unread() {
    const { task } = this.it
    const without = this.args.map((arg) => (arg.fails ? { bytes: Buffer.alloc(0) } : arg))
    const all = outcomes(task, without.map(meaning), { ...this.options?.given })
    return all.filter(({ code, error }) => code !== undefined || error !== undefined)
  }

  #make(args) {
    const { tasks } = this.world
    const given = this.options === undefined ? args : [...args, this.options.given]
    return tasks[this.it.task](...given)
  }

  /** What heddle makes of it. */
  #start() {
    const { heddle } = this.world
    const args = this.args.map(({ given }) => given)
    const { run, previous } = this.it
    if (run === 'then') return this.#make(args)
    if (run === 'parallel' || run === 'copy') {
      const options = run === 'copy' ? { copy: true } : {}
      return heddle.parallel([this.#make(args)], options).then(([result]) => result)
    }
    args[previous] = heddle.previous
    const { given } = this.first
    if (run === 'chain' && this.source !== undefined)
      return heddle.chain(this.source, this.#make(args)).then((result) => result)
    return heddle.sequential([() => given, this.#make(args)]).then(([, result]) => result)
  }

  async run() {
    const before = this.args.map(({ given }) => {
      return ArrayBuffer.isView(given) ? Buffer.from(rawOf(given)) : undefined
    })
    const wanted = this.it.task === 'writeFile' ? undefined : this.expected()
    let got
    try {
      got = { value: await this.#start() }
    } catch (error) {
      got = { error }
    }
    const contents = this.#written()
    const expected = wanted ?? this.expected()
    if (!expected.some((one) => fits(got, one))) {
      const what = got.error === undefined ? show(got.value) : `an error ${show(shown(got.error))}`
      const other = expected.map((one) => words(got, one)).join(' or ')
      return `${this.it.task} gives ${what}, not ${other}`
    }
    if (contents !== undefined && got.error === undefined && !contents.equals(this.#written()))
      return `writeFile has written ${show(contents)}, not ${show(this.#written())}`
    for (const [i, { given }] of this.args.entries()) {
      if (before[i] !== undefined && !before[i].equals(rawOf(given)))
        return `argument ${i} has been changed`
    }
  }

  /** What is in the file, for writeFile. */
  #written() {
    if (this.it.task !== 'writeFile' || this.problems.length > 0) return undefined
    return outcome(() => fs.readFileSync(this.args[0].path)).value
  }
}

const typedArray = Object.getPrototypeOf(Uint8Array.prototype)
const getter = (key) => Object.getOwnPropertyDescriptor(typedArray, key).get

/** The bytes of a view, whatever a subclass says. */
function rawOf(view) {
  if (view instanceof DataView) return Buffer.from(view.buffer, view.byteOffset, view.byteLength)
  const place = ['buffer', 'byteOffset', 'byteLength'].map((key) => getter(key).call(view))
  return Buffer.from(...place)
}

const meaning = ({ bytes, array, value, path }) => bytes ?? array ?? path ?? value

/** @param world { heddle, tasks, folder } */
async function run(it, world) {
  const words = await new Case(it, world).run()
  for (const name of fs.readdirSync(world.folder).filter((one) => one.startsWith('in-')))
    fs.rmSync(`${world.folder}/${name}`)
  const left = fs.readdirSync(world.folder).find((name) => name.startsWith('.heddle-'))
  return words ?? (left && `a file ${left} is left`)
}

module.exports = { run }
