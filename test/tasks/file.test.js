'use strict'
// file() in place of bytes, and writeFile.

const assert = require('node:assert/strict')
const { execFileSync } = require('node:child_process')
const crypto = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')
const { pathToFileURL } = require('node:url')
const { inspect } = require('node:util')
const zlib = require('node:zlib')
const { chain, parallel, previous, sequential } = require('../../lib/index.js')
const tasks = require('../../lib/tasks.js')
const { crc32, file, gunzip, gzip, hash, hkdf, hmac, pbkdf2, scrypt, writeFile } = tasks
const { child, rejection, root, temporaryFolder } = require('../support.js')

const md5 = (data) => crypto.createHash('md5').update(data).digest('hex')
const system = ({ code, errno, syscall }) => ({ code, errno, syscall })
const isWindows = process.platform === 'win32'

/** Runs it with another working directory. */
function within(folder, work) {
  const before = process.cwd()
  process.chdir(folder)
  try {
    return work()
  } finally {
    process.chdir(before)
  }
}

/** What Node's own function fails with. */
function nodeError(work) {
  try {
    work()
  } catch (error) {
    return error
  }
  throw new Error('it did not fail')
}

const badPaths = {
  'an empty string': '',
  'a null byte': 'a\0b',
  'a null byte in a Buffer': Buffer.from('a\0b'),
  'an empty Buffer': Buffer.alloc(0),
  'a number': 5,
  undefined: undefined,
  null: null,
  'an object': {},
  'an ArrayBuffer': new ArrayBuffer(3),
  'an http: URL': new URL('http://localhost/a'),
  'a null byte in a URL': new URL('a%00b', pathToFileURL(`${process.cwd()}/`)),
}

function throwsForPath(task, value, where) {
  assert.throws(() => task(value), (error) => {
    assert.equal(Object.getPrototypeOf(error), TypeError.prototype)
    assert.equal(error.code, 'ERR_HEDDLE_INVALID_ARG_TYPE')
    assert.match(error.message, new RegExp(`^${where}: argument "path" must be a path`))
    return true
  })
}

describe('heddle/tasks: file', () => {
  const temporary = temporaryFolder()
  const content = Buffer.from('the content of a file: ü\0\xff', 'latin1')
  const made = () => temporary('made.txt')
  before(() => fs.writeFileSync(made(), content))

  it('takes paths as a string, Buffer, Uint8Array and file URL', async () => {
    const name = temporary(`ü 日本 %20#${process.platform === 'win32' ? '' : '?'}.txt`)
    fs.writeFileSync(name, content)
    const forms = [name, Buffer.from(name), new Uint8Array(Buffer.from(name)), pathToFileURL(name)]
    const results = await parallel(forms.map((form) => hash('md5', file(form))))
    assert.deepEqual(results, forms.map(() => md5(content)))
  })

  it('takes paths that are not UTF-8', async function () {
    if (process.platform !== 'linux') this.skip()
    const name = Buffer.concat([Buffer.from(temporary('not ')), Buffer.from([0xff, 0xfe])])
    fs.writeFileSync(name, content)
    const relative = within(temporary(), () => file(name.subarray(temporary().length + 1)))
    const results = await parallel([hash('md5', file(name)), hash('md5', relative)])
    assert.deepEqual(results, [md5(content), md5(content)])
    throwsForPath((value) => writeFile(value, 'a'), name, 'writeFile')
  })

  it('resolves relative paths when it is made', async () => {
    const forms = ['made.txt', './made.txt', 'x/../made.txt', Buffer.from('made.txt')]
    const list = within(temporary(), () => [
      ...forms.map((form) => hash('md5', file(form))),
      writeFile('written.txt', 'written'),
    ])
    const results = await within(root, () => parallel(list))
    assert.deepEqual(results, [...forms.map(() => md5(content)), undefined])
    assert.equal(fs.readFileSync(temporary('written.txt'), 'utf8'), 'written')
  })

  it('reads when the Task runs', async () => {
    const task = hash('md5', file(temporary('later')))
    fs.writeFileSync(temporary('later'), 'later')
    assert.equal(await task, md5('later'))
  })

  it('prints its path', () => {
    const source = file('/a/b.txt')
    assert.equal(source.path, path.resolve('/a/b.txt'))
    assert.equal(inspect(source), `file('${path.resolve('/a/b.txt').replaceAll('\\', '\\\\')}')`)
    assert.equal(inspect({ a: { b: source } }).includes('file('), true)
    assert.throws(() => Object.assign(source, { path: 'other' }), TypeError)
  })

  it('stands for the bytes of any argument', async () => {
    const key = fs.readFileSync(made())
    const forms = (data) => [
      hash('sha1', data),
      hmac('sha1', data, 'a'),
      hmac('sha1', 'a', data),
      hmac('sha1', data, data),
      pbkdf2(data, 'salt', 2, 20, 'sha1'),
      pbkdf2('password', data, 2, 20, 'sha1'),
      scrypt(data, 'salt', 20, { N: 2 }),
      scrypt('password', data, 20, { N: 2 }),
      hkdf('sha1', data, 'salt', 'info', 20),
      hkdf('sha1', 'key', data, 'info', 20),
      hkdf('sha1', 'key', 'salt', data, 20),
      ...['gzip', 'deflate', 'deflateRaw'].map((name) => tasks[name](data)),
      crc32(data),
      crc32(data, 77),
    ]
    assert.deepEqual(await parallel(forms(file(made()))), await parallel(forms(key)))
    fs.writeFileSync(temporary('a.gz'), zlib.gzipSync(content))
    assert.deepEqual(await gunzip(file(temporary('a.gz'))), content)
  })

  it('of all sizes about the limits of blocks, empty included', async () => {
    const sizes = [0, 1, 65535, 65536, 65537, 131072, 200001, 262144, 262145]
    const inputs = sizes.map((size) => Buffer.alloc(size, `${size}`))
    for (const data of inputs) fs.writeFileSync(temporary(`${data.length}`), data)
    const sources = inputs.map((data) => file(temporary(`${data.length}`)))
    assert.deepEqual(await parallel(sources.map((data) => hash('md5', data))), inputs.map(md5))
    const hmacs = (keys) => parallel(keys.map((key) => hmac('md5', key, 'a')))
    assert.deepEqual(await hmacs(sources), await hmacs(inputs))
  })

  it('without a size, as in /proc', async function () {
    if (process.platform !== 'linux') this.skip()
    const stable = '/proc/self/cmdline'
    const [digest, status] = await parallel([
      hash('md5', file(stable)),
      gzip(file('/proc/self/status')),
    ])
    assert.equal(digest, md5(fs.readFileSync(stable)))
    assert.match(zlib.gunzipSync(status).toString(), new RegExp(`^Pid:\\s+${process.pid}$`, 'm'))
  })

  it('that has less than it says, as in /sys', async function () {
    const path = '/sys/devices/system/cpu/online'
    if (!fs.existsSync(path)) this.skip()
    const content = fs.readFileSync(path)
    assert.ok(content.length < fs.statSync(path).size)
    assert.equal(await hash('md5', file(path)), md5(content))
    assert.equal(await hmac('md5', file(path), ''), await hmac('md5', content, '')) // read whole
    assert.deepEqual(zlib.gunzipSync(await gzip(file(path))), content)
    await writeFile(temporary('online'), file(path))
    assert.deepEqual(fs.readFileSync(temporary('online')), content)
  })

  it('of 200 MB is read in constant memory', async () => {
    const size = 200e6
    fs.closeSync(fs.openSync(temporary('sparse'), 'w'))
    fs.truncateSync(temporary('sparse'), size)
    const zeros = Buffer.alloc(1e6)
    const sums = { hash: crypto.createHash('sha1'), hmac: crypto.createHmac('sha1', 'k') }
    for (let i = 0; i < size; i += zeros.length) {
      for (const sum of Object.values(sums)) sum.update(zeros)
    }
    const before = process.memoryUsage.rss()
    let most = before
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5)
    const source = file(temporary('sparse'))
    const list = { hash: hash('sha1', source), hmac: hmac('sha1', 'k', source), crc: crc32(source) }
    const results = await parallel(list)
    clearInterval(watch)
    most = Math.max(most, process.memoryUsage.rss())
    assert.equal(results.hash, sums.hash.digest('hex'))
    assert.equal(results.hmac, sums.hmac.digest('hex'))
    assert.ok(most - before < 50e6, `${most - before} bytes more`)
  })

  describe('rejects, as fs does,', () => {
    const long = 'x'.repeat(300)
    const missing = {
      'a missing file': () => temporary('missing'),
      'a file in a missing folder': () => temporary('missing', 'a'),
      'a file below a file': () => temporary('made.txt', 'a'),
      'a name too long': () => temporary(long),
    }
    for (const [name, make] of Object.entries(missing)) {
      it(name, async () => {
        const expected = nodeError(() => fs.readFileSync(make()))
        const error = await rejection(parallel([hash('md5', 'a'), hash('md5', file(make()))]))
        assert.ok(error instanceof Error)
        assert.deepEqual(system(error), system(expected))
        assert.equal(error.syscall, 'open')
        assert.equal(error.path, make())
        assert.equal(error.message, expected.message)
        assert.equal(error.index, 1)
      })
    }

    it('a folder', async () => {
      const expected = nodeError(() => fs.readFileSync(temporary()))
      const source = file(temporary())
      for (const form of [hash('md5', source), hmac('md5', source, 'a'), gunzip(source)]) {
        const error = await rejection(form)
        assert.equal(error.code, 'EISDIR')
        assert.deepEqual(system(error), system(expected))
      }
    })

    it('what is no regular file, and does not wait for it', async function () {
      if (isWindows) this.skip()
      const fifo = temporary('fifo')
      execFileSync('mkfifo', [fifo])
      for (const name of [fifo, '/dev/zero', '/dev/null']) {
        const forms = [hash('md5', file(name)), hmac('md5', file(name), 'a'), gunzip(file(name))]
        for (const form of forms) {
          const error = await rejection(form)
          assert.equal(error.code, 'ERR_HEDDLE_NOT_A_FILE')
          assert.ok(error.message.includes(name))
        }
      }
      // Without a reader, opening it fails; with one it is no regular file.
      assert.equal((await rejection(writeFile(fifo, 'a'))).code, 'ENXIO')
      const reader = fs.openSync(fifo, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
      const error = await rejection(writeFile(fifo, 'a'))
      fs.closeSync(reader)
      assert.equal(error.code, 'ERR_HEDDLE_NOT_A_FILE')
    })
  })

  for (const [name, value] of Object.entries(badPaths)) {
    it(`throws for ${name} as a path`, () => {
      throwsForPath(file, value, 'file')
      throwsForPath((given) => writeFile(given, 'a'), value, 'writeFile')
    })
  }

  it('is no path itself, nor is previous', () => {
    throwsForPath(file, file('a'), 'file')
    throwsForPath(file, previous, 'file')
    throwsForPath((value) => writeFile(value, 'a'), previous, 'writeFile')
  })
})

describe('heddle/tasks: writeFile', () => {
  const temporary = temporaryFolder()
  const read = (name) => fs.readFileSync(temporary(name))

  it('writes every kind of data', async () => {
    fs.writeFileSync(temporary('source'), Buffer.alloc(200001, 'source'))
    const data = {
      text: 'ü日本',
      'lone surrogate': 'a\ud83e',
      'empty text': '',
      buffer: Buffer.alloc(3e6, 'abc'),
      view: new Uint16Array([1, 2, 3, 4]).subarray(1, 3),
      empty: new ArrayBuffer(0),
      file: file(temporary('source')),
    }
    fs.writeFileSync(temporary('text'), 'longer than what comes, which is cut off')
    const list = Object.entries(data).map(([name, value]) => writeFile(temporary(name), value))
    assert.deepEqual(await parallel(list), list.map(() => undefined))
    for (const name of ['text', 'lone surrogate', 'empty text', 'buffer']) {
      assert.deepEqual(read(name), Buffer.from(data[name]), name)
    }
    assert.deepEqual(read('view'), Buffer.from(new Uint16Array([2, 3]).buffer))
    assert.equal(read('empty').length, 0)
    assert.deepEqual(read('file'), read('source'))
  })

  it('makes files with the mode that fs gives them', async () => {
    fs.writeFileSync(temporary('mode of fs'), '')
    await writeFile(pathToFileURL(temporary('mode')), '')
    assert.equal(fs.statSync(temporary('mode')).mode, fs.statSync(temporary('mode of fs')).mode)
  })

  it('is a step of sequential() and of chain()', async () => {
    const packed = zlib.gzipSync('data')
    const steps = [
      gzip('data'),
      writeFile(temporary('step'), previous),
      gunzip(file(temporary('step'))),
      writeFile(temporary('step 2'), previous),
    ]
    const results = await sequential(steps)
    assert.deepEqual(results, [packed, undefined, Buffer.from('data'), undefined])
    assert.deepEqual([read('step'), read('step 2')], [packed, Buffer.from('data')])
    const chained = chain(gunzip(packed), writeFile(temporary('chained'), previous))
    assert.deepEqual(await parallel([chained]), [undefined])
    assert.equal(read('chained').toString(), 'data')
  })

  it('rejects as fs does', async () => {
    fs.writeFileSync(temporary('plain'), '')
    const targets = [['missing', 'a'], [], ['plain', 'a'], ['x'.repeat(300)]]
    for (const target of targets.map((names) => temporary(...names))) {
      const expected = nodeError(() => fs.writeFileSync(target, 'a'))
      const error = await rejection(parallel([hash('md5', 'a'), writeFile(target, 'a')]))
      assert.deepEqual(system(error), system(expected))
      assert.equal(error.syscall, 'open')
      assert.equal(error.path, target)
      assert.equal(error.message, expected.message)
      assert.equal(error.index, 1)
    }
    const error = await rejection(writeFile(temporary('copy'), file(temporary('missing'))))
    assert.deepEqual([error.code, error.path], ['ENOENT', temporary('missing')])
  })
})

describe("heddle/tasks: under Node's permission model", () => {
  const temporary = temporaryFolder()

  it('files are refused when the Task is made', () => {
    const outside = temporary('outside')
    fs.writeFileSync(outside, 'outside')
    const inside = path.join(root, 'package.json')
    const paths = { outside, inside, relative: path.relative(root, outside) }
    paths.url = pathToFileURL(outside).href
    const script = `
      const { file, hash, writeFile } = require('./lib/tasks.js')
      const { outside, inside, relative, url } = ${JSON.stringify(paths)}
      const attempt = (work) => {
        try {
          return work() && 'allowed'
        } catch ({ name, code, permission, resource }) {
          return [name, code, permission, resource]
        }
      }
      const results = [
        attempt(() => file(outside)),
        attempt(() => file(relative)),
        attempt(() => file(new URL(url))),
        attempt(() => writeFile(outside, 'a')),
        attempt(() => writeFile(inside, 'a')),
      ]
      hash('md5', file(inside)).then((md5) => console.log(JSON.stringify([...results, md5])))`
    const experimental = Number(process.versions.node.split('.')[0]) < 22
    const flags = [
      experimental ? '--experimental-permission' : '--permission',
      '--allow-addons',
      `--allow-fs-read=${path.join(root, '*')}`,
    ]
    const { stdout, stderr, status } = child(script, { flags })
    assert.equal(status, 0, stderr)
    const denied = (permission, resource) => ['Error', 'ERR_ACCESS_DENIED', permission, resource]
    assert.deepEqual(JSON.parse(stdout), [
      denied('FileSystemRead', outside),
      denied('FileSystemRead', outside),
      denied('FileSystemRead', outside),
      denied('FileSystemWrite', outside),
      denied('FileSystemWrite', inside),
      md5(fs.readFileSync(inside)),
    ])
    assert.equal(fs.readFileSync(outside, 'utf8'), 'outside')
  })
})
