'use strict'
// Stacks of what thread functions throw, as the user's program has them: without
// heddle's frames, with the place of a sent function's line in the user's file, and
// with the call's frames below.

const fs = require('node:fs')
const { fileURLToPath } = require('node:url')
const { framesOf } = require('../errors.js')

const MOST_BYTES = 4 << 20 // of a file in which a function is looked for

const HEAD = 2 // lines that Function() puts before what it compiles

const LOCATION = /((?:file:\/\/|[A-Za-z]:[\\/]|\/)[^()]*?):(\d+):(\d+)\)?$/

/** The place in a frame; undefined if that is no file's. */
function placeIn(frame) {
  const [, file, line, column] = LOCATION.exec(frame) ?? []
  return file === undefined ? undefined : { file, line: Number(line), column: Number(column) }
}

const text = ({ file, line, column }) => `${file}:${line}:${column}`

/** Where thread() was called, as far as that is known. */
function placeOfThread({ site }) {
  const [, first] = framesOf(site).split('\n')
  return first === undefined ? undefined : placeIn(first)
}

/** The line and column, from 0, of an index in a text. */
function positionAt(source, index) {
  const before = source.slice(0, index)
  const start = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length - 1, column: index - start }
}

/** All places of a text in a file. Where types were stripped, there are blanks in it. */
function* occurrences(source, wanted) {
  for (let at = source.indexOf(wanted); at >= 0; at = source.indexOf(wanted, at + 1)) yield at
}

/** Whether a text is that of the file but for blanks. */
function isStripped(source, at, wanted) {
  if (at + wanted.length > source.length) return false
  for (let i = 0; i < wanted.length; i++) {
    if (wanted[i] !== ' ' && wanted[i] !== source[at + i]) return false
  }
  return true
}

function* strippedOccurrences(source, wanted) {
  for (let at = 0; at < source.length; at++) if (isStripped(source, at, wanted)) yield at
}

function read({ file }) {
  try {
    const path = file.startsWith('file:') ? fileURLToPath(file) : file
    return fs.statSync(path).size > MOST_BYTES ? undefined : fs.readFileSync(path, 'utf8')
  } catch {
    return undefined // it is not there any more, or not to be read
  }
}

/** The occurrence that is nearest to the line of thread(). */
function nearest(source, found, line) {
  let best
  for (const at of found) {
    const position = positionAt(source, at)
    const far = Math.abs(position.line + 1 - line)
    if (best === undefined || far < best.far) best = { far, position }
  }
  return best?.position
}

/** Where a sent function stands: {file, line, column}, from 0; null if its text is not in the file. */
function locate(definition) {
  const { text: wanted } = definition
  const place = placeOfThread(definition)
  const source = place && read(place)
  if (source === undefined) return null
  const isTyped = /\.[cm]?ts$/.test(place.file)
  const found = isTyped ? strippedOccurrences(source, wanted) : occurrences(source, wanted)
  const position = nearest(source, found, place.line)
  return position === undefined ? null : { file: place.file, ...position }
}

/** A frame of a sent function's, with the place in the user's file. */
function inFile(frame, definition) {
  const at = frame.indexOf(definition.spec.url)
  if (at < 0) return frame
  const [whole, line, column] = /^:(\d+):(\d+)/.exec(frame.slice(at + definition.spec.url.length)) ?? []
  if (whole === undefined) return frame
  if (definition.place === undefined) definition.place = locate(definition)
  const { place, spec } = definition
  const rest = frame.slice(at + definition.spec.url.length + whole.length)
  if (place === null) {
    const called = placeOfThread(definition)
    return called === undefined ? frame : `${frame.slice(0, at)}sent by thread() at ${text(called)}${rest}`
  }
  const down = Number(line) - 1 - spec.begin.line - (spec.byString ? HEAD : 0)
  const right = down === 0 ? place.column - spec.begin.column : 0
  const there = { file: place.file, line: place.line + down + 1, column: Number(column) + right }
  return `${frame.slice(0, at)}${text(there)}${rest}`
}

const isFrame = (line) => /^\s+at /.test(line)
const isInner = (frame) => frame.includes('[worker eval') || frame.includes('node:internal/')

/** What stands above the frames, and the frames that are the user's. */
function split(stack) {
  const lines = stack.split('\n')
  const first = lines.findIndex(isFrame)
  if (first < 0) return { head: stack, frames: [] }
  const frames = lines.slice(first).filter((frame) => !frame.includes('[worker eval'))
  while (frames.length > 0 && isInner(frames.at(-1))) frames.pop()
  return { head: lines.slice(0, first).join('\n'), frames }
}

/** A stack without heddle's frames, with those of sent functions in the user's file. */
function ownFrames(stack, definition) {
  const { head, frames } = split(stack)
  return [head, ...frames.map((frame) => inFile(frame, definition))].join('\n')
}

module.exports = { ownFrames, placeOfThread, text }
