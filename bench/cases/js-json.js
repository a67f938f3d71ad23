'use strict'
// JSON in and out, as it comes from a request and goes into a response: a page of
// orders, a text of 120 kB, goes to the thread, is parsed there, summed up by customer
// and written again; a text of some 15 kB comes back.

const { onThreads } = require('../lib/on-threads.js')

const ORDERS = 450
const CUSTOMERS = 60
const SKUS = 40

/** Numbers that are the same on every machine, from 0 up to below `most`. */
function numbers(seed) {
  let state = seed
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * most)
  }
}

/** JSON of orders, as the API of a shop would give them. */
function page(number) {
  const next = numbers(number + 1)
  const orders = Array.from({ length: ORDERS }, (_, i) => {
    const id = next(CUSTOMERS)
    return {
      id: number * ORDERS + i,
      placed: new Date(1_700_000_000_000 + next(31_536_000) * 1000).toISOString(),
      status: ['paid', 'shipped', 'delivered', 'cancelled'][next(4)],
      customer: { id, name: `Customer ${id}`, email: `customer-${id}@example.org` },
      lines: Array.from({ length: 1 + next(4) }, () => ({
        sku: `SKU-${1000 + next(SKUS)}`,
        quantity: 1 + next(5),
        price: (100 + next(9_900)) / 100,
      })),
    }
  })
  return JSON.stringify(orders)
}

const kB = (text) => Math.round(text.length / 1000)

module.exports = onThreads({
  title: 'JSON: parse, sum up, stringify',
  name: 'summarize',
  values: (count) => Array.from({ length: count }, (_, i) => page(i)),
  what: (list) => `${list.length} documents of ${kB(list[0])} kB`,
})
