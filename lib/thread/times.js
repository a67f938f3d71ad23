'use strict'
// When members started and ended, as a thread puts it down in shared memory: see
// newTimes() in lib/thread/protocol.js. Sent as source, as lib/thread/worker.js is.

/* load: require; clock: now() of that thread; settings: {heap, cpu}, places. */
function timekeeper(load, clock, settings) {
  const { hrtime, threadCpuUsage } = process // the latter is not everywhere
  const { getHeapStatistics } = load('node:v8')
  let times // once somebody wants to know
  let offset = 0 // of libuv's clock, which all threads share, from this one's

  return {
    /** As clockOffset() in lib/task/clock.js. */
    begin(given) {
      times = given
      let least = Infinity
      for (let i = 0; i < 5; i++) {
        const before = clock()
        const shared = Number(hrtime.bigint()) / 1e6
        const took = clock() - before
        if (took >= least) continue
        least = took
        offset = shared - before - took / 2
      }
    },
    started(place, now) {
      times[2 * place] = now + offset
    },
    ended(place, now) {
      times[2 * place + 1] = now + offset
    },
    /** What the thread uses. */
    use() {
      times[settings.heap] = getHeapStatistics().used_heap_size
      if (threadCpuUsage === undefined) return
      const { user, system } = threadCpuUsage()
      times[settings.cpu] = (user + system) / 1000
    },
  }
}

module.exports = { timekeeper }
