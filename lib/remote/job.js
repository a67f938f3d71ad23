'use strict'
// A batch of members that went to the queue as one job, as the caller sees it.

const { now } = require('../task/clock.js')

class Job {
  left
  got // whether a member has been told of, by place
  sentAt = 0 // by now(); 0: it is on its way
  begun = false // a worker has said so
  suspect = false // it was not in the queue when somebody looked
  #abandoned = []
  progress = 0 // of its members that run, their fractions summed

  /**
   * @param definition of its members
   * @param group its RemoteGroup
   * @param {number[]} members their indices in the group
   */
  constructor(id, definition, group, members, bytes) {
    this.id = id
    this.definition = definition
    this.group = group
    this.members = members
    this.bytes = bytes
    this.left = members.length
    this.got = new Array(members.length).fill(false)
  }

  sent() {
    this.sentAt = now()
  }

  /** Of a member, whether it is the first time. */
  take(place) {
    if (!(place in this.got) || this.got[place]) return false
    this.got[place] = true
    this.left--
    return true
  }

  /** Places that nobody wants any more, these with them. */
  leave(places) {
    return this.#abandoned = this.#abandoned.concat(places)
  }

  /** Places of members that have not been told of. */
  get open() {
    return this.got.flatMap((got, place) => (got ? [] : [place]))
  }
}

module.exports = { Job }
