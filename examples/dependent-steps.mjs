// Steps that need each other's results: the user, the user's orders, their summary,
// and its display. Written with callbacks, with promises, and with async and await,
// each beside its heddle form.

import { callbackify, promisify } from 'node:util'
import { sequential } from 'heddle'
import { print, section } from './lib/print.mjs'
import { startServer } from './lib/server.mjs'

const answers = {
  user: (id) => ({ id, name: 'Ada' }),
  orders: (id) => [10 * id, 32 * id],
  summary: (prices) => ({ orders: prices.length, total: prices.reduce((a, b) => a + b) }),
}
const server = await startServer((path) => {
  const [what, json] = path.split('/')
  return { ms: 20, body: answers[what](JSON.parse(decodeURIComponent(json))) }
})

const getUser = (id, signal) => server.json(`user/${id}`, { signal })
const getOrders = (user, signal) => server.json(`orders/${user.id}`, { signal })
const getSummary = (orders, signal) => server.json(`summary/${JSON.stringify(orders)}`, { signal })
const display = (summary) => print(`display: ${summary.orders} orders, ${summary.total} in all`)

// ---- Callbacks ----

// As libraries have it that are older than promises: f(value, (error, result) => ...).
const getUserBack = callbackify((id) => getUser(id))
const getOrdersBack = callbackify((user) => getOrders(user))
const getSummaryBack = callbackify((orders) => getSummary(orders))

await section('callbacks', () =>
  new Promise((resolve, reject) => {
    getUserBack(1, (userError, user) => {
      if (userError) return reject(userError)
      getOrdersBack(user, (ordersError, orders) => {
        if (ordersError) return reject(ordersError)
        getSummaryBack(orders, (summaryError, summary) => {
          if (summaryError) return reject(summaryError)
          display(summary)
          resolve()
        })
      })
    })
  }),
)

// The arrows drop the context, which steps get as their second argument: a function
// made by promisify would hand it on, where the older function expects its callback.
await section('heddle: sequential, over callbacks', async () => {
  const userOf = promisify(getUserBack)
  const ordersOf = promisify(getOrdersBack)
  const summaryOf = promisify(getSummaryBack)
  await sequential([
    () => userOf(1),
    (user) => ordersOf(user),
    (orders) => summaryOf(orders),
    display,
  ])
})

// ---- Promises ----

await section('promises', () =>
  getUser(1)
    .then((user) => getOrders(user))
    .then((orders) => getSummary(orders))
    .then(display),
)

// The signal stops the fetch that is under way when the time is over.
await section('heddle: sequential, over promises', () =>
  sequential(
    [
      (_nothing, { signal }) => getUser(1, signal),
      (user, { signal }) => getOrders(user, signal),
      (orders, { signal }) => getSummary(orders, signal),
      display,
    ],
    { timeout: 60_000 },
  ),
)

// ---- async and await ----

await section('async and await', async () => {
  const user = await getUser(1)
  const orders = await getOrders(user)
  const summary = await getSummary(orders)
  display(summary)
  print(`for ${user.name}`)
})

// As an object, the steps give all that they found under its names.
await section('heddle: sequential, an object', async () => {
  const found = await sequential({
    user: (_nothing, { signal }) => getUser(1, signal),
    orders: (user, { signal }) => getOrders(user, signal),
    summary: (orders, { signal }) => getSummary(orders, signal),
    display,
  })
  print(`for ${found.user.name}`)
})

server.stop()
