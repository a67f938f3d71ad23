'use strict'
// Text for a terminal: colours where it has them, and columns. Libraries for either
// would be dependencies of everybody who installs heddle.

const util = require('node:util')

/** A function that styles text for a stream, if it is a terminal with colours. */
function styles(stream) {
  // util.styleText came with Node 20.12.
  if (util.styleText === undefined || !stream.hasColors?.()) return (_style, text) => text
  return (style, text) => util.styleText(style, text)
}

const width = (cell) => util.stripVTControlCharacters(cell).length

/**
 * Lines of cells as columns. A line may be shorter than others; its last cell may
 * be wider than its column when it is the only one.
 * @param {string[][]} lines
 * @param {number[]} lefts columns that are text; the others are figures
 */
function columns(lines, lefts) {
  const widths = []
  for (const line of lines) {
    if (line.length === 1) continue
    line.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, width(cell))))
  }
  const padded = (cell, i) => {
    const space = ' '.repeat(Math.max(0, (widths[i] ?? 0) - width(cell)))
    return lefts.includes(i) ? cell + space : space + cell
  }
  return lines.map((line) => line.map(padded).join('  ').trimEnd()).join('\n')
}

module.exports = { columns, styles }
