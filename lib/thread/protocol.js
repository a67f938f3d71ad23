'use strict'
// What both ends of a thread share: the words of its board, and how a chunk's
// members are claimed. lib/thread/worker.js, which is sent as source, is told
// the numbers.
//
// A chunk is a list of members that goes to a thread in one message. Which of them
// have started is one word of shared memory: the upper half is the chunk's end,
// the lower half the next member. The thread claims a member by adding one, this
// side takes members back by lowering the end. So both agree at any time, even
// once the thread is dead.
//
// A member's result is put down as soon as it has ended, where it outlives the
// thread: plain ones as words of shared memory, others on the *tray*, a port that
// is only read for members whose word says that theirs is there. Messages tell
// how many have ended; none of them carries a result.

const SLOTS = 4 // chunks that a thread can have

const Word = {
  READY: 0, // 1 once the thread runs
  LOADING: 1, // modules that are being loaded
  ABORT: 2, // token of the member that is to stop
  PROGRESS: 3, // of the running member, 0 to PROGRESS_DONE
  SAID: 4, // messages of output: see lib/thread/output.js
  TAKEN: 5, // bytes and characters of these
  SLOT: 6, // SLOTS words of chunks
}

/** How a member has ended. */
const End = {
  NONE: 0, // it has not
  UNDEFINED: 1,
  NULL: 2,
  FALSE: 3,
  TRUE: 4,
  NUMBER: 5, // which stands beside
  VALUE: 6, // on the tray
  ERROR: 7, // on the tray, from lib/thread/encode.js
}

const NO_TOKEN = -1
const PROGRESS_DONE = 1e6
const MOST_MEMBERS = 2048 // of a chunk; the halves of its word have room for 32767

/** A thread's board. */
const newBoard = () => {
  const board = new Int32Array(new SharedArrayBuffer(4 * (Word.SLOT + SLOTS)))
  board[Word.ABORT] = NO_TOKEN
  return board
}

/** Where members put down how they ended: MOST_MEMBERS places for each slot. */
const newEnds = () => ({
  kinds: new Uint8Array(new SharedArrayBuffer(SLOTS * MOST_MEMBERS)),
  numbers: new Float64Array(new SharedArrayBuffer(8 * SLOTS * MOST_MEMBERS)),
})

// Behind the times of members:
const HEAP = 2 * SLOTS * MOST_MEMBERS // bytes of the thread's heap that are used
const CPU = HEAP + 1 // ms of CPU that it has used

/** Where members put down when they started and ended, in ms of libuv's clock; and what the thread uses. */
const newTimes = () => new Float64Array(new SharedArrayBuffer(8 * (CPU + 1)))

/** The first place of a slot. */
const placeOf = (slot) => (slot - Word.SLOT) * MOST_MEMBERS

/** A member of a chunk in one word; never NO_TOKEN. */
const tokenOf = (seq, index) => ((seq & 0xffff) << 15) | index

const isTokenOf = (token, seq) => token !== NO_TOKEN && ((token >>> 15) & 0xffff) === (seq & 0xffff)

const nextOf = (word) => word & 0xffff
const endOf = (word) => word >>> 16
const wordOf = (next, end) => (end << 16) | next

/** Takes unstarted members from `from` on back. Returns the chunk's new end. */
function takeBack(board, slot, from) {
  let word = Atomics.load(board, slot)
  for (;;) {
    const end = Math.max(nextOf(word), from)
    if (end >= endOf(word)) return endOf(word)
    const seen = Atomics.compareExchange(board, slot, word, wordOf(nextOf(word), end))
    if (seen === word) return end
    word = seen
  }
}

module.exports = {
  SLOTS,
  Word,
  End,
  NO_TOKEN,
  PROGRESS_DONE,
  MOST_MEMBERS,
  HEAP,
  CPU,
  newBoard,
  newEnds,
  newTimes,
  placeOf,
  tokenOf,
  isTokenOf,
  nextOf,
  endOf,
  wordOf,
  takeBack,
}
