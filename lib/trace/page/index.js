'use strict'

function* page(trace) {
  yield JSON.stringify(trace)
}

module.exports = { page }
