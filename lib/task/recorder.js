'use strict'
// Who is told of what runs. Nobody, mostly: lib/trace/hub.js while there are recordings.

const { native } = require('./native.js')

/**
 * Once an addon, as its records are: `on` is null, or has callBegan(call, caller),
 * which gives what call.recorded is then, and that callEnded(recorded, call, fulfilled, value);
 * opened(group), of a native one; ran(group, index, thread, queued, started, ended, end), of
 * members of other groups; threadStarted(number), threadEnded(number) and lent().
 */
native.recorder1 ??= { on: null }

module.exports = { recorder: native.recorder1 }
