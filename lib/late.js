'use strict'
// What a program does not use is loaded when it is first used. It belongs to the
// same copy of heddle then, and knows nothing of who was the first to use it.

const path = require('node:path')
const { isProxy } = require('node:util').types
const { Resource } = require('./task/intrinsics.js') // what may be replaced before others are loaded

const folder = typeof __dirname === 'string' ? __dirname + path.sep : '' // in an ES bundle it is not there

/** Whether modules are kept elsewhere, by a test runner: it may forget them, and all is loaded at once. */
function keptElsewhere() {
  const { cache } = require
  if (cache === undefined || module.filename === undefined) return false // in a bundle
  return isProxy(cache) || cache[module.filename] !== module
}

const atOnce = keptElsewhere()

// The context in which heddle is loaded. What is made meanwhile would keep another one alive.
const resource = new Resource('heddle.late')

const roots = new Set() // modules that load others late

/** The modules of this copy that have been loaded, by their files. */
function ownModules() {
  const own = new Map()
  const look = (module) => {
    if (own.has(module.filename) || !module.filename?.startsWith(folder)) return
    own.set(module.filename, module)
    module.children?.forEach(look)
  }
  roots.forEach(look)
  return own
}

/** Takes heddle's modules out of the cache, and puts others there. */
function exchange(cache, modules) {
  const taken = new Map()
  for (const file of Object.keys(cache)) {
    if (!file.startsWith(folder)) continue
    taken.set(file, cache[file])
    delete cache[file]
  }
  for (const [file, module] of modules) cache[file] = module
  return taken
}

/**
 * Requires, where the cache may have been emptied since, or be that of another
 * copy: modules of two copies do not know each other's Tasks and errors.
 */
function requireAsOwn(load) {
  const { cache } = require
  if (cache === undefined) return load() // in a bundle
  const own = ownModules()
  if ([...own].every(([file, module]) => cache[file] === module)) return load()
  const others = exchange(cache, own)
  try {
    return load()
  } finally {
    exchange(cache, others)
  }
}

/**
 * What a file uses late, by names.
 * @param {NodeModule} root the file's module
 * @param {Record<string, () => T>} loaders requires, and gives what is used
 * @returns {{loaded: Record<string, T | null>, use: (name: string) => T}} what
 *   has been loaded; use() loads it, and throws what that throws
 */
function lately(root, loaders) {
  const loaded = { ...loaders }
  for (const name of Object.keys(loaders)) loaded[name] = atOnce ? loaders[name]() : null
  roots.add(root)

  function use(name) {
    const { inScope } = requireAsOwn(() => require('./call/stack.js'))
    return (loaded[name] = inScope(resource, requireAsOwn, undefined, loaders[name]))
  }

  return { loaded, use }
}

module.exports = { lately }
