'use strict'

const { misuse, typeError } = require('../errors.js')
const { State } = require('../work.js')
const { makeTask, workOf } = require('../task.js')

function checkSteps(works, tasks) {
  if (works.length === 0) throw typeError('chain', 'the steps', 'at least one Task', undefined)
  works.forEach((work, i) => {
    if (work === undefined) throw typeError('chain', `step ${i}`, 'a Task', tasks[i])
    if (work.state !== State.IDLE || works.indexOf(work) !== i) {
      throw misuse(`chain: step ${i} (${work.definition.name}) is in use already`)
    }
  })
  if (works[0].usesPrevious) throw misuse('chain: the first step has no previous result')
}

/**
 * One Task of several steps, which run one after the other on one thread; its
 * result is the last step's. The steps belong to the chain.
 */
function chain(...tasks) {
  const works = tasks.map((task) => workOf(task))
  checkSteps(works, tasks)
  const steps = works.flatMap((work) =>
    work.definition.steps === true
      ? work.args
      : [{ definition: work.definition, args: work.args }],
  )
  for (const work of works) work.state = State.CHAINED
  const label = `chain(${works.map((work) => work.definition.label ?? work.definition.name).join(', ')})`
  return makeTask({ name: 'chain', label, steps: true }, steps, false)
}

module.exports = { chain }
