'use strict'
// Waits until all is at rest, for a bounded time.

// What a promise may take on a busy machine; sanitizers make all slower.
const SLOW = process.env.HEDDLE_SANITIZE ? 4 : 1
const SETTLES_MS = 12_000 * SLOW
const IDLE_MS = 6_000 * SLOW

const after = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

async function within(ms, condition) {
  const end = performance.now() + ms
  for (let wait = 0; !condition(); wait = Math.min(wait + 1, 10)) {
    if (performance.now() > end) return false
    await (wait < 3 ? new Promise(setImmediate) : after(wait))
  }
  return true
}

/** Until all promises of a world have settled; those that do not are findings. */
async function settle(world) {
  if (await within(SETTLES_MS, () => world.pending.size === 0)) return
  const labels = [...world.pending].map(({ label }) => label)
  world.found.push(`never settles: ${labels.join(', ')}; ${JSON.stringify(world.heddle.stats())}`)
  world.pending.clear()
}

/** Whether all sources that were opened have been closed, or are soon. */
const closed = (world) => within(IDLE_MS, () => world.sources === 0)

/** How many there are of each kind of resource that keeps the process alive. */
function resources() {
  const counts = {}
  for (const name of process.getActiveResourcesInfo()) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

/** Kinds of resources of which there are more than before. */
function more(baseline) {
  return Object.entries(resources()).filter(([name, count]) => count > (baseline[name] ?? 0))
}

/** Until nothing runs and no handle is left; gives words when that does not come. */
async function idle(heddle, baseline) {
  const busy = () => {
    const { queued, running, lentThreads } = heddle.stats()
    return queued + running + lentThreads > 0
  }
  if (!(await within(IDLE_MS, () => !busy())))
    return `does not become idle: ${JSON.stringify(heddle.stats())}`
  if (!(await within(IDLE_MS, () => more(baseline).length === 0))) {
    return `leaves handles: ${more(baseline).map(([name, count]) => `${name} ${count}`)}`
  }
}

module.exports = { settle, idle, closed, resources, SLOW }
