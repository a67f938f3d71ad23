'use strict'
// Who is told of what runs. Nobody, mostly: lib/trace/hub.js while there are recordings.

const { native } = require('./native.js')

/**
 * Once an addon, as its records are: `on` is null, or has begin(call, caller, start),
 * which sets call.recorded and gives what start() does, and callEnded(recorded, fulfilled, value);
 * opened(group), of a native one; ran(group, index, thread, queued, started, ended, end), of
 * members of other groups; threadStarted(number), threadEnded(number) and lent().
 */
native.recorder1 ??= { on: null }

module.exports = { recorder: native.recorder1 }
