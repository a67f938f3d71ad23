'use strict'
// Built-in tasks where the runtime brings no library: a host without OpenSSL, zlib, Brotli and
// zstd, in that its dlsym() does not find them.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const { createHash } = require('node:crypto')
const path = require('node:path')
const { compileText } = require('../helpers/plugin.js')

const root = path.join(__dirname, '..', '..')
const mocha = path.join(root, 'node_modules', 'mocha', 'bin', 'mocha.js')

const source = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>
void *dlsym(void *handle, const char *name);
void *dlsym(void *handle, const char *name) {
  static const char *const gone[] = {"EVP_", "OPENSSL_", "deflate", "inflate", "Cr_z_", "Brotli", "ZSTD_"};
  for (unsigned i = 0; i < sizeof(gone) / sizeof(gone[0]); i++)
    if (handle == RTLD_DEFAULT && strncmp(name, gone[i], strlen(gone[i])) == 0)
      return 0;
  void *real = dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.2.5");
  if (real == 0)
    real = dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.17");
  void *(*function)(void *, const char *);
  memcpy(&function, &real, sizeof(real));
  return function(handle, name);
}
`

const program = `
const { chain, parallel, previous, sequential, stats } = require('./lib/index.js')
const { crc32, file, gunzip, gzip, hash, sort, zstdCompress } = require('./lib/tasks.js')
const { noop } = require('./lib/testing.js')
async function main() {
  const task = hash('md5', 'abc')
  const steps = [gzip('abc'), gunzip(previous), hash('md5', previous)]
  const chained = chain(gzip('abc'), gunzip(previous), hash('md5', previous))
  const aborted = new AbortController()
  const results = {
    native: [task, chained, crc32('a'), sort(new Uint8Array(2)), noop()].map((one) => one.native),
    digest: await task,
    steps: (await sequential(steps)).slice(1).map(String),
    chained: await chained,
    buffers: (await parallel([gzip('a'), gunzip(gzipped)])).map(Buffer.isBuffer),
    fallbacks: stats().fallbacks,
    missing: await hash('md5', file('/nonexistent/file')).catch(({ code, syscall }) => [code, syscall]),
    thrown: [() => hash('md5', 5), () => gzip('a', { level: 99 })].map((make) => {
      try { make() } catch ({ code, message }) { return [code, message] }
    }),
  }
  console.log(JSON.stringify(results))
}
const gzipped = require('node:zlib').gzipSync('a')
main()
`

describe('heddle/tasks: where the runtime has no library for them', function () {
  this.timeout(60_000)
  let env

  before(function () {
    // glibc, and nothing else that has to be preloaded, as a sanitizer.
    const isGlibc = process.report.getReport().header.glibcVersionRuntime !== undefined
    if (process.platform !== 'linux' || !isGlibc || process.env.LD_PRELOAD) this.skip()
    env = { ...process.env, LD_PRELOAD: compileText(source, { flags: ['-Wno-pedantic', '-ldl'] }) }
  })

  it('run on JavaScript threads, and say so', () => {
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', program], { cwd: root, env })
    assert.equal(`${stderr}`, '')
    const digest = '900150983cd24fb0d6963f7d28e17f72'
    const level = 'gzip: option "level" must be an integer from -1 to 9, got number 99'
    const { thrown, ...results } = JSON.parse(stdout)
    assert.deepEqual(results, {
      native: [false, false, false, true, true],
      digest,
      steps: ['abc', digest],
      chained: digest,
      buffers: [true, true],
      fallbacks: 9,
      missing: ['ENOENT', 'open'],
    })
    assert.equal(thrown[0][0], 'ERR_HEDDLE_INVALID_ARG_TYPE')
    assert.deepEqual(thrown[1], ['ERR_HEDDLE_OUT_OF_RANGE', level])
  })

  for (const name of ['digest', 'zlib', 'codecs', 'cipher', 'sign', 'argon2']) {
    it(`pass the tests of those in C: ${name}`, () => {
      const args = [mocha, '--reporter', 'dot', '--timeout', '60000', path.join(__dirname, `${name}.test.js`)]
      // What is refused for want of Argon2 says that there is no OpenSSL.
      if (name === 'argon2' && require('node:crypto').argon2Sync === undefined) args.push('--grep', 'nothing')
      const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, env })
      assert.equal(status, 0, `${stdout}`)
    })
  }
})

describe('what is sent to a JavaScript thread for a task', () => {
  const { fallback } = require('../../lib/thread/fallback.js')
  const { argsOf } = require('../../lib/task/task.js')

  it('is not all of the memory of which it is a small part', async () => {
    const memory = new ArrayBuffer(1 << 20)
    const views = [Buffer.from(memory, 5, 9), new Uint8Array(memory, 5, 9), new Int32Array(memory, 8, 2)]
    for (const view of views) {
      const task = fallback('hash', ['md5', view, 'hex'])
      assert.equal(argsOf(task)[1].buffer.byteLength, view.byteLength)
      assert.equal(await task, createHash('md5').update(view).digest('hex'))
    }
    const most = Buffer.from(memory, 0, 1 << 19)
    assert.equal(argsOf(fallback('hash', ['md5', most, 'hex']))[1], most)
  })
})

describe('Tasks in C', () => {
  it('say that they are', () => {
    const { hash } = require('../../lib/tasks.js')
    const { chain, thread } = require('../../lib/index.js')
    assert.equal(hash('md5', 'a').native, true)
    assert.equal(chain(hash('md5', 'a')).native, true)
    const maker = thread((n) => n)
    assert.equal(maker(1).native, false)
    assert.equal(chain(hash('md5', 'a'), maker(1)).native, false)
    return maker.close()
  })
})
