'use strict'
// Rendering with markdown-it: a document goes to the thread, its HTML comes back.

const { documents } = require('../lib/texts.js')
const { onThreads } = require('../lib/on-threads.js')

module.exports = onThreads({
  title: 'Markdown to HTML, with markdown-it',
  name: 'render',
  values: documents,
  what: (list) => `${list.length} READMEs and changelogs`,
})
