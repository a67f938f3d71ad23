'use strict'
// V8 drops the hidden class of objects of which none is alive at a full garbage
// collection, and with it the code that was optimised for them: the next call
// would run several times slower. So one object of each kind stays alive.

const kept = []

/** Keeps an object, which must hold nothing large, for good. */
function keep(object) {
  kept.push(object)
}

module.exports = { keep }
