'use strict'

const { keep } = require('../task/keep.js')
const { define } = require('../errors.js')
const { Scope } = require('../call/scope.js')

/** Permission to run, of a limiter, until it is released. */
class Token {
  #gate // null once it is released
  #fields // by which it was granted
  #scope = null // for who looks at the signal

  /** @private */
  constructor(gate, fields) {
    this.#gate = gate
    this.#fields = fields
  }

  /** Whether it was given back. */
  get released() {
    return this.#gate === null
  }

  /** Aborts when what runs is to stop: the limiter's close() has waited long enough. */
  get signal() {
    if (this.#scope === null) {
      this.#scope = new Scope()
      this.#gate?.enter(this.#scope)
    }
    return this.#scope.signal
  }

  /** Gives it back; once more does nothing. */
  release() {
    const gate = this.#gate
    if (gate === null) return
    this.#gate = null
    if (this.#scope !== null) gate.leave(this.#scope)
    gate.release(1, this.#fields)
  }

  /** For who holds it: aborts the signal, if anybody has looked at it. */
  static stop(token, reason) {
    token.#scope?.stop(reason)
  }

  get [Symbol.toStringTag]() {
    return 'Token'
  }
}

// Node.js 20 has the symbol; what is older in the language gets one by a polyfill.
if (Symbol.dispose !== undefined) define(Token.prototype, Symbol.dispose, Token.prototype.release, false)

// Promises are resolved with tokens: nobody's addition to Object.prototype is called.
define(Token.prototype, 'then', undefined, false)

const { stop } = Token
delete Token.stop

keep(new Token(null, null))

module.exports = { Token, stopToken: stop }
