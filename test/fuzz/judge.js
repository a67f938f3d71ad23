'use strict'
// Compares what has come with what the model allows; gives words where it differs.

const { inspect } = require('node:util')
const { givesAll } = require('./calls.js')
const { same, tagOf } = require('./values.js')

const show = (value) => inspect(value, { breakLength: Infinity, depth: 2 }).slice(0, 200)

class Judge {
  constructor(controllers) {
    this.controllers = controllers
  }

  /** Whether an error has one of the tags. */
  #tagged(error, tags) {
    if (tags.has(tagOf(error))) return true
    for (const tag of tags) {
      if (tag.startsWith('abort:') && this.controllers[tag.slice(6)].signal.reason === error)
        return true
    }
    return false
  }

  /** An outcome of one member or Task. */
  settled(outcome, { fulfils, value, tags, skipped }) {
    if (outcome.status === 'fulfilled') {
      if (fulfils && !skipped && same(outcome.value, value)) return
      return `fulfilled with ${show(outcome.value)}, not ${fulfils ? show(value) : [...tags]}`
    }
    if (this.#tagged(outcome.reason, tags)) return
    return `rejected with ${show(outcome.reason)}, not ${[fulfils ? show(value) : [], ...tags].flat().join(' or ')}`
  }

  /** The outcome of a call. */
  call(call, outcome, allowed) {
    if (outcome.status === 'rejected') return this.#rejected(outcome.reason, allowed)
    if (!allowed.fulfils) return `fulfilled with ${show(outcome.value)}, not ${[...allowed.tags]}`
    if (givesAll(call)) return this.#all(call, outcome.value, allowed)
    const words = allowed.each.map((each) => this.settled(outcome, each))
    return words.includes(undefined) ? undefined : words[0]
  }

  #rejected(error, { tags, each, fulfils }) {
    if (!this.#tagged(error, tags)) {
      return `rejected with ${show(error)}, not ${[fulfils ? 'a value' : [], ...tags].flat().join(' or ')}`
    }
    if (error?.code !== 'ERR_HEDDLE_AGGREGATE') return
    const strange = error.errors.find(
      (one) => !each.some((member) => this.#tagged(one, member.tags)),
    )
    if (strange !== undefined) return `has an error ${show(strange)}`
  }

  /** Results of a stream, which name their items. */
  #read({ results, left }, { each, ends }) {
    const kept = each.filter(({ skipped }) => !skipped).length
    if (!left && !ends && results.length !== kept)
      return `has ${results.length} results, not ${kept}`
    const words = results.map(({ index, value }) =>
      this.settled({ status: 'fulfilled', value }, each[index]),
    )
    return words.find((word) => word !== undefined)
  }

  /** Results of map() that was ended by its mapper: some, in order. */
  #some(values, each) {
    let at = 0
    for (const value of values) {
      const good = (one) => this.settled({ status: 'fulfilled', value }, one) === undefined
      while (at < each.length && !good(each[at])) at++
      if (at++ === each.length) return `has ${show(value)} out of order`
    }
  }

  #all(call, value, allowed) {
    if (value.results) return this.#read(value, allowed)
    const each = allowed.each.filter(({ skipped }) => !skipped)
    if (allowed.ends) return this.#some(value, each)
    const keyed = ['allKeyed', 'allSettledKeyed'].includes(call.how)
    if (keyed && Object.getPrototypeOf(value) !== null) return 'has a prototype'
    const plain = call.shape === 'object' && !Array.isArray(value)
    const values =
      keyed || plain ? Reflect.ownKeys(value).map((key) => value[key]) : value
    if (values.length !== each.length) return `has ${values.length} results, not ${each.length}`
    for (const [i, result] of values.entries()) {
      const settled = ['allSettled', 'allSettledKeyed'].includes(call.how)
      const outcome = settled ? result : { status: 'fulfilled', value: result }
      const words = this.settled(outcome, each[i])
      if (words) return `member ${i} ${words}`
    }
  }
}

module.exports = { Judge }
