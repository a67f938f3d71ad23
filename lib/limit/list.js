'use strict'

/** A doubly linked list of nodes that have `before`, `next` and `list`: each is in one at most. */
class List {
  first = null
  last = null

  push(node) {
    node.list = this
    node.before = this.last
    node.next = null
    if (this.last === null) this.first = node
    else this.last.next = node
    this.last = node
  }

  remove(node) {
    const { before, next } = node
    if (before === null) this.first = next
    else before.next = next
    if (next === null) this.last = before
    else next.before = before
    node.list = node.before = node.next = null
  }
}

module.exports = { List }
