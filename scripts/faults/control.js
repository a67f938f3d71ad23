'use strict'
// The words by which scripts/faults/alloc.c is told what fails, and tells what is
// held: a file that both sides read and write.

const fs = require('node:fs')
const path = require('node:path')

// As in alloc.c.
const WORDS = ['left', 'ever', 'failed', 'blocks', 'handles', 'callback', 'held']
const PLACE = 512 // where the program stands, as text
const PLACE_BYTES = 256

class Control {
  #file

  /** Opens the file; one that create() has made. */
  constructor(file) {
    this.#file = fs.openSync(file, 'r+')
  }

  static create(file) {
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, Buffer.alloc(4096))
    const control = new Control(file)
    control.#write('left', -1)
    return control
  }

  #write(word, value) {
    const data = Buffer.alloc(8)
    data.writeBigInt64LE(BigInt(value))
    fs.writeSync(this.#file, data, 0, 8, 8 * WORDS.indexOf(word))
  }

  read() {
    const data = Buffer.alloc(8 * WORDS.length)
    fs.readSync(this.#file, data, 0, data.length, 0)
    return Object.fromEntries(WORDS.map((word, i) => [word, Number(data.readBigInt64LE(8 * i))]))
  }

  /** Makes the n-th allocation from now on fail, 0 is the next; `ever`: and all after it. */
  failAt(n, ever) {
    this.#write('left', -1)
    this.#write('failed', 0)
    this.#write('ever', ever ? 1 : 0)
    this.#write('left', n)
  }

  /** Gives how many have failed. */
  failNoMore() {
    this.#write('left', -1)
    return this.read().failed
  }

  /** Keeps where the program stands, in case it ends there. */
  set place(words) {
    const data = Buffer.alloc(PLACE_BYTES)
    data.write(words)
    fs.writeSync(this.#file, data, 0, PLACE_BYTES, PLACE)
  }

  get place() {
    const data = Buffer.alloc(PLACE_BYTES)
    fs.readSync(this.#file, data, 0, PLACE_BYTES, PLACE)
    return data.toString().replace(/\0.*$/s, '')
  }

  close() {
    fs.closeSync(this.#file)
  }
}

module.exports = { Control }
