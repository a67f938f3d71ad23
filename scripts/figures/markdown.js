'use strict'
// Markdown out of strings that were not written as Markdown.

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

const plain = (text) => text.replace(/\s+/g, ' ').trim()

/** Text in a line or a cell. */
const escape = (text) =>
  plain(text)
    .replace(/[&<>]/g, (sign) => ENTITIES[sign])
    .replace(/[\\`*[\]|]/g, (sign) => `\\${sign}`)

/** The value of an attribute of an HTML element. */
const attribute = (text) => plain(text).replace(/[&<>"]/g, (sign) => ENTITIES[sign])

const line = (cells) => `| ${cells.join(' | ')} |`

/** A table whose cells are Markdown already. @param {string[]} columns @param {string[][]} rows */
function table(columns, rows) {
  return [
    line(columns),
    line(columns.map(() => '---')).replaceAll(' ', ''),
    ...rows.map(line),
  ].join('\n')
}

module.exports = { escape, attribute, table }
