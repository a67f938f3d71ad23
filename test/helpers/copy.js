'use strict'
// Another copy of heddle in this process. No test in here.

const path = require('node:path')

const lib = path.join(__dirname, '..', '..', 'lib', path.sep)

const ownFiles = () => Object.keys(require.cache).filter((file) => file.startsWith(lib))

/** Loads the doors anew, with all that they use; what was loaded before stays the others'. */
function copyOf(...doors) {
  const saved = ownFiles().map((file) => [file, require.cache[file]])
  for (const file of ownFiles()) delete require.cache[file]
  try {
    return Object.assign({}, ...doors.map((door) => require(path.join(lib, door))))
  } finally {
    for (const file of ownFiles()) delete require.cache[file]
    for (const [file, module] of saved) require.cache[file] = module
  }
}

module.exports = { copyOf }
