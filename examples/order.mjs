// Who comes first: synchronous code, then microtasks (what promises wait for), then
// timers. So the order is A, D, C, B.

import { parallel } from 'heddle'
import { hash } from 'heddle/tasks'
import { print, section } from './lib/print.mjs'

/** A promise that the line has been printed. */
const afterTimer = () =>
  new Promise((resolve) => {
    setTimeout(() => resolve(print('B: a timer')), 0)
  })
const afterMicrotask = () => Promise.resolve().then(() => print('C: a microtask'))

await section('plain JavaScript', async () => {
  print('A: synchronous code')
  const timer = afterTimer()
  afterMicrotask()
  print('D: synchronous code')
  await timer
})

// parallel calls its functions at once, and settles some microtasks later: after C,
// though it was called first, and before any timer.
await section('heddle: parallel, over a function', async () => {
  print('A: synchronous code')
  const timer = afterTimer()
  parallel([() => print('heddle: the function')]).then(() => print('heddle: settled'))
  afterMicrotask()
  print('D: synchronous code')
  await timer
})

// A task runs on a thread, and its result comes in a later turn of the event loop:
// after C too. Turns belong to timers as well, so between B and a task there is no order.
await section('heddle: parallel, over a task', async () => {
  print('A: synchronous code')
  const settled = parallel([hash('sha256', 'heddle')]).then(() => print('heddle: settled'))
  afterMicrotask()
  print('D: synchronous code')
  await settled
})
