'use strict'
// Sides of a comparison. A side is
//   - a function of the case's data, or
//   - {open?, prepare?, run, close?}: `open(data)` gives a tool, once a process (a
//     pool of threads, say), `prepare(data, tool)` the input of one run, which is
//     not timed, `run(input, tool)` is what is measured (its input is the data
//     when nothing prepares one), and `close(tool)` ends the tool.

/**
 * @param {Record<string, Function | object>} sides
 * @returns {Promise<{lanes: Record<string, {prepare: Function, run: Function}>,
 *   close(): Promise<void>}>} lanes as measure() takes them
 */
async function openSides(sides, data) {
  const lanes = {}
  const closers = []
  for (const [name, side] of Object.entries(sides)) {
    if (typeof side === 'function') {
      lanes[name] = { prepare: () => data, run: side }
      continue
    }
    const tool = await side.open?.(data)
    lanes[name] = {
      prepare: side.prepare === undefined ? () => data : () => side.prepare(data, tool),
      run: (input) => side.run(input, tool),
    }
    if (side.close !== undefined) closers.push(() => side.close(tool))
  }
  return {
    lanes,
    async close() {
      for (const close of closers.reverse()) await close()
    },
  }
}

module.exports = { openSides }
