'use strict'
// What is done with the chunks of a stream, by task. The addon has a task for the chunks of
// each, which keeps what it has made of them in a slot: see src/tasks/slot.h. A checksum
// goes on from the last one instead.

const { definitionFor } = require('../task/maker.js')

const CRC32 = 'crc32'

class Chunks {
  /**
   * @param {object} task the definition of the whole
   * @param {unknown[]} args checked, with nothing at `at`, where the data goes
   * @param source from sourceOf()
   */
  constructor(task, args, at, source) {
    this.name = task.name
    this.label = task.params[at].label
    this.source = source
    this.args = args
    this.at = at
    this.definition = task.name === CRC32 ? task : definitionFor(`${task.name}Chunk`)
  }

  argumentsOf(bytes, slot, isLast) {
    const args = this.args.with(this.at, bytes)
    if (this.name !== CRC32) args.push(slot, isLast)
    return args
  }

  /** What a chunk came to that was not the last one. */
  keep(results, result) {
    if (this.name === CRC32) this.args = this.args.with(1, result)
    else if (result.length > 0) results.push(result)
  }

  /** The result of all. */
  whole(results, last) {
    return results.length === 0 ? last : Buffer.concat([...results, last])
  }
}

module.exports = { Chunks }
