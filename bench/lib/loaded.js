'use strict'
// What loading a package takes, in a process that has loaded nothing else:
//
//   node --expose-gc loaded.js require|import WHAT
//
// Sends {ms, bytes}: `bytes` by which the resident set has grown.

async function main([, , how, what]) {
  process.memoryUsage.rss() // what the first call takes is not the package's
  const before = process.memoryUsage.rss()
  const began = process.hrtime.bigint()
  if (how === 'require') require(what)
  else await import(what)
  const ms = Number(process.hrtime.bigint() - began) / 1e6
  process.send({ ms, bytes: process.memoryUsage.rss() - before }, () => process.exit())
}

void main(process.argv)
