'use strict'
// The package under test, from the folder above.

module.exports = {
  ...require('../../lib/index.js'),
  tasks: require('../../lib/tasks.js'),
  testing: require('../../lib/testing.js'),
}
