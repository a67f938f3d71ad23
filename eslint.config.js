'use strict'

const js = require('@eslint/js')
const { createNodeResolver, importX } = require('eslint-plugin-import-x')
const globals = require('globals')
const noCircle = require('./scripts/lint/no-circle.js')
const { root, zones } = require('./scripts/lint/rooms.js')

module.exports = [
  { ignores: ['build/', '.cache/', 'node_modules/', 'bench/node_modules/', 'bench/rival/build/', 'types/', 'templates/'] },
  js.configs.recommended,
  {
    files: ['**/*.{js,cjs}'],
    languageOptions: { ecmaVersion: 2023, sourceType: 'commonjs', globals: globals.node },
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrors: 'all' }],
      'no-shadow': 'error',
      'no-use-before-define': ['error', { functions: false, classes: false, variables: false }],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['lib/**'],
    plugins: { 'import-x': importX, rooms: { rules: { 'no-circle': noCircle } } },
    settings: { 'import-x/resolver-next': [createNodeResolver({ symlinks: false })] },
    rules: {
      'import-x/no-restricted-paths': ['error', { basePath: root, zones }],
      'import-x/no-unresolved': ['error', { commonjs: true }],
      'rooms/no-circle': 'error',
    },
  },
  {
    // Test runners replace these: lib/task/clock.js has what took their place.
    files: ['lib/**'],
    ignores: ['lib/cli/**', 'lib/task/clock.js'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['queueMicrotask', 'setImmediate', 'setInterval', 'setTimeout'],
        ...['clearImmediate', 'clearInterval', 'clearTimeout', 'performance'],
      ],
      'no-restricted-properties': ['error', { object: 'process', property: 'nextTick' }],
    },
  },
  { files: ['**/*.mjs'], languageOptions: { sourceType: 'module', globals: globals.node } },
  {
    files: ['test/**'],
    languageOptions: { globals: globals.mocha },
    rules: { 'no-shadow': 'off', 'no-empty-function': 'off' },
  },
  {
    // They run in the page, one behind the other.
    files: ['lib/trace/page/{words,paint,view}.js'],
    languageOptions: {
      sourceType: 'script',
      globals: { ...globals.browser, SEVERAL: 'readonly', NONE: 'readonly', LANE: 'readonly', LOOP: 'readonly', WAIT: 'readonly', ROW: 'readonly', wordsOf: 'readonly', painterOf: 'readonly' },
    },
    rules: { 'no-redeclare': 'off' },
  },
  { files: ['test/bench/slow/browser.js', 'test/trace/slow/browser.js'], languageOptions: { globals: { ...globals.browser, ...globals.mocha } } },
]
