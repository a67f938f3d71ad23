'use strict'
// Subscribers to heddle's tracing channels, which a program switches on and off.

const { tracingChannel } = require('node:diagnostics_channel')

class Tracing {
  #on = new Map() // by the channel's name: what listens

  /** Switches a channel on or off; `reached` runs a hook. */
  set({ what, on }, reached) {
    const heard = this.#on.get(what)
    if (heard !== undefined && !on) {
      tracingChannel(`heddle:${what}`).unsubscribe(heard)
      this.#on.delete(what)
    } else if (heard === undefined && on) {
      const handlers = {}
      for (const event of ['start', 'end', 'asyncStart', 'asyncEnd', 'error'])
        handlers[event] = reached
      tracingChannel(`heddle:${what}`).subscribe(handlers)
      this.#on.set(what, handlers)
    }
  }

  /** All off. */
  end() {
    for (const what of [...this.#on.keys()]) this.set({ what, on: false })
  }
}

module.exports = { Tracing }
