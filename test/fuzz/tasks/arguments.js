'use strict'
// Makes a case's arguments: what is given to heddle, what it stands for, and what
// heddle has to say of it when it may not be given.

const fs = require('node:fs')
const path = require('node:path')
const { arrayOf } = require('./arrays.js')
const { carry } = require('./carriers.js')
const { odds } = require('./cases.js')
const { bytesOf } = require('./contents.js')

const TYPE = 'ERR_HEDDLE_INVALID_ARG_TYPE'
const RANGE = 'ERR_HEDDLE_OUT_OF_RANGE'
const MOST_ELEMENTS = 1 << 16 // of a matrix

/** What the parameters take; of numbers [least, most], whole ones. */
const INT32 = [0, 2 ** 31 - 1]
const UINT32 = [0, 2 ** 32 - 1]
const WHOLE = 2 ** 53 - 1
const params = {
  hash: ['word', 'bytes'],
  hmac: ['word', 'bytes', 'bytes'],
  pbkdf2: ['bytes', 'bytes', [1, 2 ** 31 - 1], INT32, 'word'],
  scrypt: ['bytes', 'bytes', INT32],
  hkdf: ['word', 'bytes', 'bytes', 'bytes', INT32],
  gzip: ['bytes'],
  deflate: ['bytes'],
  deflateRaw: ['bytes'],
  gunzip: ['bytes'],
  inflate: ['bytes'],
  inflateRaw: ['bytes'],
  crc32: ['bytes', [...UINT32, 'optional']],
  sort: ['array'],
  sum: ['array'],
  matmul: ['array', 'array', UINT32, UINT32, UINT32],
  writeFile: ['path', 'bytes'],
}
const encodings = ['hex', 'base64', 'base64url', 'latin1', 'binary', 'buffer']
const costs = ['N', 'r', 'p', 'cost', 'blockSize', 'parallelization']
const options = {
  outputEncoding: encodings,
  level: [-1, 9],
  memLevel: [1, 9],
  windowBits: [8, 15],
  strategy: [0, 4],
  maxOutputLength: [1, WHOLE, 'optional', 'real'],
  maxmem: [0, WHOLE, 'optional', 'real'],
  ...Object.fromEntries(costs.map((name) => [name, UINT32])),
}
const aliases = [
  ['cost', 'N'],
  ['blockSize', 'r'],
  ['parallelization', 'p'],
]
const inflating = { ...options, windowBits: [0, 15] }
const optionsOf = (task) => (/^(gun|inf)/.test(task) ? inflating : options)

function numberProblem(value, [least, most, ...more]) {
  if (typeof value !== 'number') return TYPE
  const whole = more.includes('real') || Number.isInteger(value)
  return whole && value >= least && value <= most ? undefined : RANGE
}

/** The code of heddle's error for a value, or undefined where it may be given. */
function problemOf(value, kind) {
  if (Array.isArray(kind) && typeof kind[0] === 'string')
    return kind.includes(value) ? undefined : TYPE
  if (Array.isArray(kind)) return numberProblem(value, kind)
  if (kind === 'word') return typeof value === 'string' ? undefined : TYPE
  // What may be given for these is made as such.
  return kind === 'bytes' && typeof value === 'string' ? undefined : TYPE
}

const isOptional = (kind) => Array.isArray(kind) && kind.includes('optional')

/** `world`: { tasks, folder }. */
class ArgumentMaker {
  constructor(it, world) {
    this.it = it
    this.world = world
  }

  /** { given, bytes?, array?, value?, fails?, problem? } of an argument. */
  make(argument, i) {
    const kind = params[this.it.task][i]
    if (argument.bytes !== undefined) {
      const bytes = bytesOf(argument.bytes)
      return carry(bytes, { ...argument, content: argument.bytes }, this.world)
    }
    if (kind === 'path') return this.#target(argument.path)
    if (argument.path !== undefined) return this.#unreadable(argument.path)
    if (argument.array !== undefined) return this.#array(arrayOf(argument))
    if (argument.matrix !== undefined) return this.#array(this.#matrix(argument, i))
    const value = valueOf(argument)
    if (value === undefined && isOptional(kind)) return { given: value, value }
    return { given: value, value, problem: problemOf(value, kind) }
  }

  #array(array) {
    return { given: array, array }
  }

  /** Of as many elements as the case says, one more where that is none of a matrix. */
  #matrix({ matrix, salt, extra = 0 }, i) {
    const [m, k, n] = this.it.args.slice(2).map(({ number }) => number)
    const length = i === 0 ? m * k : k * n
    const fits = length >= 0 && length <= MOST_ELEMENTS
    const values = salt % 2 === 0 ? 'small' : 'wide'
    return arrayOf({
      array: matrix,
      values,
      length: (fits ? length : 4) + extra,
      salt,
      offset: salt % 3,
    })
  }

  #unreadable(which) {
    const { folder, tasks } = this.world
    const name = which === 'folder' ? folder : path.join(folder, 'missing')
    return { given: tasks.file(name), fails: outcome(() => fs.readFileSync(name)) }
  }

  /** Where a file is written; `path` of what becomes of it. */
  #target(which) {
    const { folder } = this.world
    const at = (name) => path.join(folder, name)
    const names = {
      new: 'target',
      there: 'target',
      linked: 'target',
      link: 'link',
      strange: 'ta ü\n𝒳rget',
      nowhere: 'nowhere/target',
      folder: 'inside',
      slash: 'target/',
      long: 'x'.repeat(300),
    }
    for (const name of ['target', 'link', 'other', names.strange, 'inside'])
      fs.rmSync(at(name), { force: true, recursive: true })
    if (which === 'folder') fs.mkdirSync(at('inside'))
    if (which === 'there' || which === 'linked' || which === 'link')
      fs.writeFileSync(at('target'), 'what was there before')
    if (which === 'linked') fs.linkSync(at('target'), at('other'))
    if (which === 'link') fs.symlinkSync('target', at('link'))
    if (which === 'nul') return { given: 'a\0b', problem: TYPE }
    if (which === 'empty') return { given: '', problem: TYPE }
    const given = which === 'slash' ? `${folder}/${names.slash}` : at(names[which])
    return { given, path: given }
  }

  /** { given, values, problems } of the options. */
  options(result) {
    const given = {}
    const problems = []
    const kinds = optionsOf(this.it.task)
    for (const [name, argument] of Object.entries(this.it.options)) {
      const value = argument.relative === undefined ? valueOf(argument) : result(argument.relative)
      given[name] = value
      const problem = value === undefined ? undefined : problemOf(value, kinds[name])
      if (problem !== undefined) problems.push(problem)
    }
    for (const [alias, name] of aliases)
      if (given[alias] !== undefined && given[name] !== undefined) problems.push(TYPE)
    return { given, problems }
  }
}

function valueOf(argument) {
  if (argument.odd !== undefined) return odds[argument.odd]
  return argument.number ?? argument.word
}

/** { value } or { error } of a function. */
function outcome(run) {
  try {
    return { value: run() }
  } catch (error) {
    return { error }
  }
}

module.exports = { ArgumentMaker, outcome, params, TYPE, RANGE }
