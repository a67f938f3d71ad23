'use strict'

const { misuse, typeError } = require('../errors.js')
const { bare } = require('../task/own.js')
const { ChainGroup } = require('./chain-group.js')
const {
  State,
  Task,
  dataOf,
  definitionOf,
  isForeignTask,
  isTask,
  setChained,
  stateOf,
  usesPrevious,
} = require('../task/task.js')

function checkSteps(tasks) {
  if (tasks.length === 0) throw typeError('chain', 'the steps', 'at least one Task', undefined)
  tasks.forEach((task, i) => {
    if (!isTask(task)) {
      const expected = isForeignTask(task) ? 'a Task of the same copy of heddle' : 'a Task'
      throw typeError('chain', `step ${i}`, expected, task)
    }
    if (stateOf(task) !== State.IDLE || tasks.indexOf(task) !== i) {
      throw misuse(`chain: step ${i} (${task.name}) is in use already`)
    }
  })
  if (usesPrevious(tasks[0])) throw misuse('chain: the first step has no previous result')
}

/**
 * One Task of several steps, which run one after the other on one thread; its
 * result is the last step's. The steps belong to the chain.
 */
function chain(...tasks) {
  checkSteps(tasks)
  const steps = tasks.flatMap((task) => {
    const definition = definitionOf(task)
    return definition.chain === true ? dataOf(task) : [{ definition, args: dataOf(task) }]
  })
  const names = tasks.map((task) => definitionOf(task).label ?? task.name)
  tasks.forEach(setChained)
  const label = `chain(${names.join(', ')})`
  const definition = bare({ name: 'chain', label, chain: true, steps: true, positional: 0 })
  // A chain of native steps is the engine's; with others in it, it is run from here.
  const isMixed = steps.some((step) => step.definition.Group !== undefined)
  return new Task(isMixed ? bare(definition, { steps: false, Group: ChainGroup }) : definition, steps)
}

module.exports = { chain }
