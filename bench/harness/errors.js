'use strict'

/** Something that whoever runs the suite can mend: the message is all that is shown. */
class BenchError extends Error {}

module.exports = { BenchError }
