'use strict'
// A program as a few readable lines.

const { sharedIndex } = require('./program.js')

const words = (object, ...without) =>
  Object.entries(object)
    .filter(([key]) => !without.includes(key))
    .map(([key, value]) =>
      value === true ? key : `${key} ${typeof value === 'object' ? JSON.stringify(value) : value}`,
    )
    .join(', ')

class Printer {
  constructor(program) {
    this.program = program
  }

  hook(hook) {
    return hook === undefined || hook.length === 0
      ? ''
      : ` {${hook.map((step) => this.step(step)).join('; ')}}`
  }

  shared(i) {
    return `task${sharedIndex(this.program, i)}`
  }

  task(task) {
    if (task.make === 'chain') return `chain(${[this.task(task.first), ...task.links].join(', ')})`
    const name = task.make === 'thread' ? `thread ${task.fn}` : task.make
    return `${name}(${words(task, 'make', 'fn', 'trap')})${this.hook(task.trap)}`
  }

  member(member) {
    if (member.is === 'shared') return this.shared(member.i)
    if (member.is === 'task') return this.task(member.task)
    if (member.is === 'function' && member.task)
      return `() => ${this.task(member.task)}${this.hook(member.hook)}`
    if (member.is === 'value') return `${member.n}`
    if (member.is === 'function' && member.i !== undefined)
      return `() => ${this.shared(member.i)}${this.hook(member.hook)}`
    return `${member.is}(${words(member, 'is', 'hook')})${this.hook(member.hook)}`
  }

  options({ trap, progress, ...plain }) {
    const parts = [words(plain)]
    if (trap) parts.push(`getters${this.hook(trap)}`)
    if (progress)
      parts.push(`onProgress${progress.throws ? ' throws' : ''}${this.hook(progress.hook)}`)
    const text = parts.filter(Boolean).join(', ')
    return text === '' ? '' : `, { ${text} }`
  }

  step(step) {
    if (step.op === 'trace')
      return `trace ${step.what}s ${step.on ? 'on' : 'off'}${this.hook(step.hook)}`
    if (step.op !== 'call') return `${step.op} ${words(step, 'op')}`
    const members = step.members.map((member) => this.member(member)).join(', ')
    const more = words(step, 'op', 'how', 'members', 'options', 'pull')
    return `${step.how}([${members}]${this.options(step.options)})${more && ` as ${more}`}${this.hook(step.pull)}`
  }
}

/** The lines. */
function print(program) {
  const printer = new Printer(program)
  return [
    `threads ${program.threads}`,
    ...program.tasks.map((task, i) => `task${i} = ${printer.task(task)}`),
    ...program.steps.map((step) => printer.step(step)),
  ]
}

module.exports = { print }
