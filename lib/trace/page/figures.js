'use strict'
// The figures of a Trace by task, exact: percentiles by nearest rank.

const rank = (sorted, fraction) => sorted[Math.max(1, Math.ceil(fraction * sorted.length)) - 1]

const percentiles = (times) => {
  const sorted = Float64Array.from(times).sort()
  return [0.5, 0.95, 0.99].map((fraction) => rank(sorted, fraction))
}

/**
 * @returns {{task: string, count: number, wait: number[], run: number[], failed: number,
 *   cancelled: number, expired: number, busy: number}[]} `wait` and `run`: p50, p95 and p99 in
 *   ms; `busy`: the sum in ms; the busiest first
 */
function figuresOf({ members }) {
  const tasks = new Map()
  for (const { task, queued, started, ended, state } of members) {
    let found = tasks.get(task)
    if (found === undefined) {
      found = { waits: [], runs: [], fulfilled: 0, rejected: 0, cancelled: 0, expired: 0, busy: 0 }
      tasks.set(task, found)
    }
    found[state]++
    if (started === null) continue
    found.waits.push(started - queued)
    found.runs.push(ended - started)
    found.busy += ended - started
  }
  const figures = [...tasks].map(([task, { waits, runs, fulfilled, rejected, cancelled, expired, busy }]) => ({
    task,
    count: fulfilled + rejected + cancelled + expired,
    wait: percentiles(waits),
    run: percentiles(runs),
    failed: rejected,
    cancelled,
    expired,
    busy,
  }))
  return figures.sort((a, b) => b.busy - a.busy)
}

module.exports = { figuresOf }
