'use strict'
// Times in the buckets of src/engine/schedule/histogram.h: 16 to each power of two
// of nanoseconds.

const BUCKETS = 47 * 16
const PER_OCTAVE = 16
const NS = 1e6 // in a ms

const number = new Float64Array(1)
const halves = new Uint32Array(number.buffer)
const high = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0
const FIRST = 1023 * PER_OCTAVE // exponent and four bits of the fraction of 1

/** The bucket of a time in ns. */
function bucketOf(ns) {
  number[0] = ns
  const at = (halves[high] >>> 16) - FIRST
  if (!(at > 0)) return 0
  return at < BUCKETS ? at : BUCKETS - 1
}

/** Where a bucket begins, in ms; the first one begins at 0. */
function startOf(bucket) {
  if (bucket === 0) return 0
  return (2 ** Math.floor(bucket / PER_OCTAVE) * (1 + (bucket % PER_OCTAVE) / PER_OCTAVE)) / NS
}

/** Where it ends. */
const endOf = (bucket) => (bucket === BUCKETS - 1 ? Infinity : startOf(bucket + 1))

class Histogram {
  counts = new Float64Array(BUCKETS)
  count = 0
  sum = 0 // ms
  max = 0 // ms

  /** @param {number} ms */
  add(ms) {
    this.counts[bucketOf(ms * NS)]++
    this.count++
    this.sum += ms
    if (ms > this.max) this.max = ms
  }

  /** Adds what the addon gives from a place of the array on: sum, max and counts. Returns the place after it. */
  addAll(array, at) {
    this.sum += array[at]
    this.max = Math.max(this.max, array[at + 1])
    for (let i = 0; i < BUCKETS; i++) {
      this.counts[i] += array[at + 2 + i]
      this.count += array[at + 2 + i]
    }
    return at + 2 + BUCKETS
  }

  /**
   * A percentile in ms: the middle of the bucket that has it, which is wrong by 3 % at most.
   * @param {number} fraction as 0.99
   */
  percentile(fraction) {
    const rank = Math.max(1, Math.ceil(fraction * this.count))
    let seen = 0
    for (let i = 0; i < BUCKETS; i++) {
      seen += this.counts[i]
      if (seen < rank) continue
      return i === BUCKETS - 1 ? this.max : Math.min(this.max, (startOf(i) + endOf(i)) / 2)
    }
    return 0
  }

  /** As stats() gives it. */
  summary() {
    const buckets = []
    for (let i = 0; i < BUCKETS; i++) {
      const count = this.counts[i]
      if (count > 0) buckets.push({ from: startOf(i), below: endOf(i), count })
    }
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((fraction) => this.percentile(fraction))
    return { count: this.count, sum: this.sum, p50, p95, p99, max: this.max, buckets }
  }
}

module.exports = { BUCKETS, Histogram, bucketOf, startOf }
