'use strict'
// The libraries that draw and build the report. They are optional peers of the package, looked for
// only when a report is asked for.

// Plot is an ES module. linkedom is named with its version: the newest whose dependencies can all
// be installed.
const WANTED = ['@observablehq/plot@0.6', 'linkedom@0.18.12']
const INSTALL = `npm install --save-dev ${WANTED.join(' ')}`

/**
 * @returns {Promise<{Plot: object, document: Document}>} `document` is a new and empty one
 * @throws {Error} when a library cannot be imported; its message says how to install both
 */
async function libraries() {
  let Plot, linkedom
  try {
    Plot = await import('@observablehq/plot')
    linkedom = await import('linkedom')
  } catch (error) {
    throw new Error(
      '--html needs the packages @observablehq/plot and linkedom, which heddle does not bring: ' +
        `${INSTALL} (${error.message})`,
      { cause: error },
    )
  }
  const { document } = linkedom.parseHTML('<!doctype html><html><head></head><body></body></html>')
  return { Plot, document }
}

module.exports = { libraries, INSTALL, WANTED }
