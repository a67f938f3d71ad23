'use strict'
// Which part of a user's file runs just now, for the words of an error that does not
// say so itself. One for the process, since a process runs one job.

let what

module.exports = {
  /** @param {string} words such as "case 'x': heddle()" */
  begin(words) {
    what = words
  },
  /** @returns {string | undefined} */
  doing: () => what,
}
