// A server on this machine, in place of a slow one far away. It prints when it
// starts to work on a request, and when it ends or is told that nobody waits.

import { EventEmitter, once } from 'node:events'
import { createServer } from 'node:http'
import { print } from './print.mjs'

// Longer than an example takes: a connection that the server closed just as fetch()
// wanted to use it again would be an error.
const KEEP_ALIVE_MS = 600_000

/** Emits 'aborted' with a path, and 'over' when it has done with a request. */
class ExampleServer extends EventEmitter {
  #route
  #http = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) =>
    this.#arrive(request, response),
  )
  #origin
  #sent = 0
  #onTheWay = new Set() // numbers of requests that were sent and have not come in
  #arrived = [] // requests that have come in, and whose time has not begun
  #open = 0 // requests that are worked on
  #visits = new Map() // how often each path was asked for

  constructor(route) {
    super()
    this.#route = route
  }

  async listen() {
    await once(this.#http.listen(0, '127.0.0.1'), 'listening')
    this.#origin = `http://127.0.0.1:${this.#http.address().port}/`
  }

  /** As fetch(), with a path of this server. */
  async fetch(path, options = {}) {
    const number = ++this.#sent
    const headers = { ...options.headers, 'x-number': number }
    this.#onTheWay.add(number)
    try {
      return await fetch(this.#origin + path, { ...options, headers })
    } finally {
      if (this.#onTheWay.delete(number)) this.#begin() // it failed on its way
    }
  }

  /** What the server answers to a fetch(). Rejects when the answer is not ok. */
  async json(path, options) {
    const response = await this.fetch(path, options)
    if (!response.ok) throw new Error(`${path}: status ${response.status}`)
    return response.json()
  }

  /** Fulfils when nothing is asked of the server any more. */
  async idle() {
    while (this.#onTheWay.size + this.#arrived.length + this.#open > 0) await once(this, 'over')
  }

  /** Ends the server, and with it the connections that fetch() keeps. */
  stop() {
    this.#http.close()
    this.#http.closeAllConnections()
  }

  #arrive(request, response) {
    const path = request.url.slice(1)
    const visit = (this.#visits.get(path) ?? 0) + 1
    const number = Number(request.headers['x-number'])
    this.#visits.set(path, visit)
    this.#onTheWay.delete(number)
    this.#arrived.push({ number, path, response, answer: this.#route(path, visit) })
    this.#begin()
  }

  // The time of requests that were sent together begins together, in the order in
  // which they were sent: so the order of events is the same on every machine.
  #begin() {
    if (this.#onTheWay.size > 0) return
    const requests = this.#arrived.sort((a, b) => a.number - b.number)
    this.#arrived = []
    for (const request of requests) this.#work(request)
    this.emit('over')
  }

  #work({ path, response, answer: { ms = 0, status = 200, body = null } }) {
    this.#open++
    print(`server: start ${path}`)
    const timer = setTimeout(() => {
      print(`server: end ${path}${status === 200 ? '' : ` (${status})`}`)
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }, ms)
    response.once('close', () => {
      this.#open--
      clearTimeout(timer)
      if (!response.writableEnded) {
        print(`server: aborted ${path}`)
        this.emit('aborted', path)
      }
      this.emit('over')
    })
  }
}

/**
 * Starts a server.
 * @param {(path: string, visit: number) => {ms?: number, status?: number, body?: unknown}} route
 *   what to answer and after how many ms; `visit` counts the requests for the path, from 1 on
 * @returns {Promise<ExampleServer>}
 */
export async function startServer(route) {
  const server = new ExampleServer(route)
  await server.listen()
  return server
}
