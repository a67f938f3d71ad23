'use strict'

const assert = require('node:assert/strict')
const { fork } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { runScript } = require('../../bench/harness/spawn.js')
const { temporaryFolder } = require('../support.js')

const SCRIPT = path.join(__dirname, 'fixtures', 'sends.js')
const TASKS = `/proc/${process.pid}/task/${process.pid}/children`

/** Holds the loop until all of these children have ended, and nobody knows of it yet. */
function holdUntilEnded(pids) {
  const isZombie = (pid) => /\) Z /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'))
  while (!pids.every(isZombie));
}

const children = () => fs.readFileSync(TASKS, 'utf8').trim().split(' ')

describe('a script of the suite', () => {
  const inFolder = temporaryFolder()

  /** The loop is told of one end, and finds another whose message it has not looked for yet. */
  async function endBeforeMessage(round) {
    const [first, second] = ['first', 'second'].map((name) => inFolder(name + round))
    const before = children()
    const promise = runScript(SCRIPT, [second])
    const [pid] = children().filter((one) => !before.includes(one))
    fs.writeFileSync(first, '')
    const other = fork(SCRIPT, [first])
    other.on('message', () => {
      fs.writeFileSync(second, '')
      holdUntilEnded([pid])
    })
    holdUntilEnded([other.pid])
    return promise
  }

  it('is heard when its end is known before its message', async function () {
    if (!fs.existsSync(TASKS)) this.skip()
    // It comes so in about every second round.
    for (let round = 0; round < 5; round++) assert.equal(await endBeforeMessage(round), 'said')
  })
})
