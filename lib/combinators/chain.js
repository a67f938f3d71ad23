'use strict'

const { observeGiven } = require('../call/collect.js')
const { misuse, typeError } = require('../errors.js')
const { bare } = require('../task/own.js')
const { ChainGroup } = require('./chain-group.js')
const {
  State,
  Task,
  argsOf,
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
  const before = new Set()
  tasks.forEach((task, i) => {
    if (!isTask(task)) {
      const expected = isForeignTask(task) ? 'a Task of the same copy of heddle' : 'a Task'
      throw typeError('chain', `step ${i}`, expected, task)
    }
    if (stateOf(task) !== State.IDLE || before.has(task)) {
      throw misuse(`chain: step ${i} (${task.name}) is in use already`)
    }
    before.add(task)
  })
  if (usesPrevious(tasks[0])) throw misuse('chain: the first step has no previous result')
}

/** As lib/index.js has it, of a list. */
function chain(tasks) {
  try {
    checkSteps(tasks)
  } catch (error) {
    observeGiven(tasks)
    throw error
  }
  const steps = tasks.flatMap((task) => {
    const definition = definitionOf(task)
    if (definition.chain === true) return dataOf(task)
    return [{ definition: definition.base ?? definition, args: argsOf(task) }]
  })
  const names = tasks.map((task) => definitionOf(task).label ?? task.name)
  tasks.forEach(setChained)
  const label = `chain(${names.join(', ')})`
  const definition = bare({ name: 'chain', label, chain: true, steps: true, positional: 0 })
  // Steps of one queue go to another machine together.
  const elsewhere = steps[0].definition.chained?.(steps, definition)
  if (elsewhere !== undefined) return new Task(elsewhere, steps)
  // A chain of native steps is the engine's; with others in it, it is run from here.
  const isMixed = steps.some((step) => step.definition.Group !== undefined)
  return new Task(isMixed ? bare(definition, { steps: false, Group: ChainGroup }) : definition, steps)
}

module.exports = { chain }
