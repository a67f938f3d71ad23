'use strict'
// Copies of the memory of Tasks' arguments, for the option `copy`: what is
// transferred then has no part in the work. In slices, since a copy takes 0.1 to
// 0.3 ms a MiB.

const { isAnyArrayBuffer } = require('node:util').types
const { now, setImmediate } = require('./clock.js')
const { isFixed, lengthOf, memoryOf, newLike } = require('./check.js')
const { isExported } = require('./secrets.js')
const { State, argsOf, dataOf, definitionOf, setArgument, stateOf } = require('./task.js')

const PIECE = 1 << 20 // bytes
const AT_ONCE = 4 // pieces that are copied before the call returns, however slow that is
const SLICE_MS = 5 // that the loop is held at a time

// Tasks that read no memory but their own.
const copied = new WeakSet()

const isMemory = (value) => ArrayBuffer.isView(value) && !isFixed(value) && !isExported(value)

/** The lists of a Task's arguments. */
function argumentsOf(task) {
  return definitionOf(task).steps === true ? dataOf(task).map(({ args }) => args) : [argsOf(task)]
}

/** Bytes of memory and characters that a Task's arguments hold; none once it has settled. */
function bytesOf(task) {
  if (stateOf(task) >= State.FULFILLED) return 0
  let bytes = 0
  for (const args of argumentsOf(task)) for (let i = 0; i < args.length; i++) bytes += bytesIn(args[i])
  return bytes
}

function bytesIn(value) {
  if (typeof value === 'string') return value.length
  if (isAnyArrayBuffer(value)) return value.byteLength
  return ArrayBuffer.isView(value) ? lengthOf(value) : 0
}

/** A copy of memory; the same memory when that is detached meanwhile, which is found when it starts. */
function* copyOf(value) {
  if (lengthOf(value) === 0) return value // its memory may be gone
  const copy = newLike(value)
  const to = memoryOf(copy)
  for (let at = 0; at < to.length; at += PIECE) {
    if (lengthOf(value) !== to.length) return value
    to.set(memoryOf(value).subarray(at, at + PIECE), at)
    yield
  }
  return copy
}

function* copyAll(tasks) {
  for (const task of tasks) {
    const { Group, steps } = definitionOf(task)
    if (stateOf(task) !== State.IDLE) continue // it reads already
    if (Group !== undefined || copied.has(task)) continue // threads get copies anyway
    for (const args of argumentsOf(task)) {
      for (let i = 0; i < args.length; i++) {
        if (!isMemory(args[i])) continue
        const copy = yield* copyOf(args[i])
        if (steps === true) args[i] = copy
        else setArgument(task, i, copy)
      }
    }
    copied.add(task)
  }
}

/**
 * Copies the memory that Tasks which have not started will read.
 * @param {Iterable<Task>} tasks
 * @param {() => boolean} isOver whether nobody wants it any more
 * @returns {Promise<void> | undefined} undefined when it is done
 */
function copyMemory(tasks, isOver) {
  const copying = copyAll(tasks)
  const slice = (least) => {
    const until = now() + SLICE_MS
    for (let i = 1; !copying.next().done; i++) if (i > least && now() >= until) return false
    return true
  }
  if (slice(AT_ONCE)) return undefined
  return new Promise((resolve, reject) => {
    const goOn = () => {
      try {
        if (isOver() || slice(1)) resolve()
        else setImmediate(goOn)
      } catch (error) {
        reject(error) // no memory
      }
    }
    setImmediate(goOn)
  })
}

module.exports = { bytesOf, copyMemory }
