'use strict'
// What users' values and stacks come to in a trace.

const { fileURLToPath } = require('node:url')

/** The place of the first of these frames: 'file:line:column'; null if there is none. */
function placeIn(frames) {
  const first = frames.split('\n').find((line) => line.trim().startsWith('at '))
  if (first === undefined) return null
  const place = /\(([^()]+:\d+:\d+)\)$/.exec(first)?.[1] ?? /at (?:async )?(.+:\d+:\d+)$/.exec(first)?.[1]
  if (place === undefined) return null
  if (!place.startsWith('file:')) return place
  const [, url, rest] = /^(.+?)(:\d+:\d+)$/.exec(place)
  try {
    return fileURLToPath(url) + rest
  } catch {
    return place
  }
}

/** What was thrown, in one line. Runs users' code, and does not throw. */
function wordsOf(error) {
  try {
    const isObject = typeof error === 'object' && error !== null
    const text = isObject && 'message' in error ? `${error.name}: ${error.message}` : String(error)
    return text.split('\n')[0].slice(0, 300)
  } catch {
    return 'an error that has no words'
  }
}

module.exports = { placeIn, wordsOf }
