'use strict'
// Who is told of what runs. Nobody, mostly: lib/trace/hub.js while there are recordings.

const { native } = require('./native.js')

/**
 * Once an addon, as its records are: `on` is null, or has begin(call, caller, start),
 * which sets call.recorded and gives what start() does, and callEnded(recorded, fulfilled, value);
 * opened(group), of a native one; batch(group, thread, count), for members of other
 * groups that have run: add(index, name, queued, started, ended, end) takes them, and done() ends it; threadStarted(number), threadEnded(number) and lent().
 */
native.recorder1 ??= { on: null }

module.exports = { recorder: native.recorder1 }
