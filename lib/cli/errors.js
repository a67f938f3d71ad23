'use strict'

/** Something that the user can mend: the message is all that is shown. */
class CommandError extends Error {}

/** The command was called in a wrong way. */
class UsageError extends CommandError {}

module.exports = { CommandError, UsageError }
