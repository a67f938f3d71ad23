'use strict'
// Three ways to hash and gzip files. Each takes paths, and a function that is
// told how many of them are done; each gives for every file the SHA-256 of its
// contents and the SHA-256 of its gzip.

const { createHash } = require('node:crypto')
const fs = require('node:fs')
const { promisify } = require('node:util')
const zlib = require('node:zlib')
const { chain, parallel, previous } = require('heddle')
const { file, gzip, hash } = require('heddle/tasks')

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex')

/** One by one, with Node's synchronous functions. */
async function oneByOne(paths, progress) {
  return paths.map((path, i) => {
    const contents = fs.readFileSync(path)
    const digests = [sha256(contents), sha256(zlib.gzipSync(contents))]
    progress(i + 1)
    return digests
  })
}

const gzipAsync = promisify(zlib.gzip)
const BATCH = 1000 // files open at once: with all of them, descriptors may run out

/** Promise.all over Node's asynchronous functions. */
async function promiseAll(paths, progress) {
  const results = []
  let done = 0
  for (let i = 0; i < paths.length; i += BATCH) {
    const batch = paths.slice(i, i + BATCH).map(async (path) => {
      const contents = await fs.promises.readFile(path)
      const digests = [sha256(contents), sha256(await gzipAsync(contents))]
      progress(++done)
      return digests
    })
    results.push(...(await Promise.all(batch)))
  }
  return results
}

/** heddle: threads read, hash and pack; only digests come back. */
async function heddle(paths, progress) {
  const work = paths.flatMap((path) => [
    hash('sha256', file(path)),
    chain(gzip(file(path)), hash('sha256', previous)),
  ])
  const onProgress = ({ done }) => progress(Math.floor(done / 2))
  const digests = await parallel(work, { onProgress })
  return paths.map((_path, i) => digests.slice(2 * i, 2 * i + 2))
}

module.exports = { 'one-by-one': oneByOne, 'promise-all': promiseAll, heddle }
