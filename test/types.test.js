'use strict'

const path = require('node:path')
const { describeTypes, root } = require('./types/compiler.js')

describe('types', () => {
  describeTypes(() => path.join(root, 'node_modules', 'typescript', 'bin', 'tsc'))
})
