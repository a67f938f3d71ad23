'use strict'
// An ordinary addon: one AsyncWorker and one promise for each call.

module.exports = require('../rival/build/Release/rival.node')
