'use strict'
// writeFile where there is a file already: what stays when it fails, is stopped, or is told
// to write a file onto itself.

const assert = require('node:assert/strict')
const { execFileSync, spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { pathToFileURL } = require('node:url')
const { Worker } = require('node:worker_threads')
const { parallel } = require('../../lib/index.js')
const { crc32, file, gzip, writeFile } = require('../../lib/tasks.js')
const { until } = require('../helpers/load.js')
const { child, rejection, root, temporaryFolder } = require('../support.js')

const isWindows = process.platform === 'win32'
const tasks = JSON.stringify(path.join(root, 'lib', 'tasks.js'))

describe('heddle/tasks: writeFile over a file', () => {
  const temporary = temporaryFolder()
  let folder
  const inFolder = (...names) => path.join(folder, ...names)
  const target = () => inFolder('target')
  const read = (name = 'target') => fs.readFileSync(inFolder(name), 'utf8')

  beforeEach(() => {
    folder = fs.mkdtempSync(temporary('f'))
    fs.writeFileSync(target(), 'precious')
  })

  /** The target has its old content, and nothing lies beside it but `others`. */
  function isOld(...others) {
    assert.equal(read(), 'precious')
    assert.deepEqual(fs.readdirSync(folder).sort(), [...others, 'target'].sort())
  }

  /** A file that takes long to copy, and no room. */
  function large() {
    fs.writeFileSync(temporary('large'), '')
    fs.truncateSync(temporary('large'), 2e9)
    return temporary('large')
  }

  const isWriting = () => fs.readdirSync(folder).length === 2

  describe('leaves a file that is its own source as it is:', () => {
    const names = {
      'the same path': () => target(),
      'a relative path': () => path.relative(process.cwd(), target()),
      'a path with dots': () => `${folder}${path.sep}x${path.sep}..${path.sep}target`,
      'a URL': () => pathToFileURL(target()),
      'a hard link': () => (fs.linkSync(target(), inFolder('other')), inFolder('other')),
      'a symbolic link': () => (fs.symlinkSync('target', inFolder('other')), inFolder('other')),
      'a link of a folder': () => {
        fs.symlinkSync(folder, inFolder('other'), 'junction')
        return inFolder('other', 'target')
      },
    }
    for (const [title, make] of Object.entries(names)) {
      it(title, async function () {
        if (isWindows && title === 'a symbolic link') this.skip() // takes a privilege
        const name = make()
        const content = Buffer.alloc(200001, 'precious')
        fs.writeFileSync(target(), content)
        fs.utimesSync(target(), 1, 1)
        const before = fs.statSync(target())
        const list = fs.readdirSync(folder)
        await writeFile(name, file(target()))
        await writeFile(target(), file(name))
        const { ino, mtimeMs, mode, nlink } = fs.statSync(target())
        assert.deepEqual([ino, mtimeMs, mode, nlink], [before.ino, 1000, before.mode, before.nlink])
        assert.deepEqual(fs.readFileSync(target()), content)
        assert.deepEqual(fs.readdirSync(folder), list)
      })
    }

    it('an empty file', async () => {
      fs.writeFileSync(inFolder('target'), '')
      await writeFile(target(), file(target()))
      assert.equal(read(), '')
    })
  })

  describe('leaves the target as it was when the source is', () => {
    const sources = {
      missing: () => [inFolder('none'), 'ENOENT'],
      'a folder': () => [folder, 'EISDIR'],
      'below a file': () => [inFolder('target', 'a'), isWindows ? 'ENOENT' : 'ENOTDIR'],
      'a FIFO': () => {
        execFileSync('mkfifo', [temporary('fifo')])
        return [temporary('fifo'), 'ERR_HEDDLE_NOT_A_FILE']
      },
      'a loop of links': () => {
        fs.symlinkSync('loop', temporary('loop'))
        return [temporary('loop'), 'ELOOP']
      },
      'not to be read': () => {
        fs.writeFileSync(temporary('shut'), 'a', { mode: 0o200 })
        return [temporary('shut'), 'EACCES']
      },
    }
    for (const [title, make] of Object.entries(sources)) {
      it(title, async function () {
        if (isWindows && !['missing', 'a folder', 'below a file'].includes(title)) this.skip()
        if (title === 'not to be read' && process.getuid() === 0) this.skip()
        const [source, code] = make()
        assert.equal((await rejection(writeFile(target(), file(source)))).code, code)
        assert.equal((await rejection(writeFile(inFolder('new'), file(source)))).code, code)
        isOld()
      })
    }

    it('shrinking while it is read', async () => {
      const writing = writeFile(target(), file(large()))
      const failed = rejection(writing)
      await until(isWriting)
      fs.truncateSync(temporary('large'), 1)
      assert.equal((await failed).code, 'ERR_HEDDLE_FILE_CHANGED')
      isOld()
    })
  })

  describe('leaves the target as it was when', () => {
    it('it is aborted', async () => {
      const controller = new AbortController()
      const options = { signal: controller.signal, join: true }
      const failed = rejection(parallel([writeFile(target(), file(large()))], options))
      await until(isWriting)
      controller.abort()
      assert.equal((await failed).name, 'AbortError')
      isOld()
    })

    it('its worker is terminated', async () => {
      const script = `
        const { file, writeFile } = require(${tasks})
        writeFile(${JSON.stringify(target())}, file(${JSON.stringify(large())})).then(() => {})`
      const worker = new Worker(script, { eval: true })
      await until(isWriting)
      await worker.terminate()
      isOld()
    })

    it('the process exits', () => {
      const script = `
        const fs = require('node:fs')
        const { file, writeFile } = require(${tasks})
        writeFile(${JSON.stringify(target())}, file(${JSON.stringify(large())})).then(() => {})
        const look = () => {
          if (fs.readdirSync(${JSON.stringify(folder)}).length === 2) process.exit(7)
          setImmediate(look)
        }
        look()`
      const { status, stderr } = child(script)
      assert.equal(status, 7, stderr)
      isOld()
    })

    it('writing fails', function () {
      if (isWindows) this.skip()
      const script = `
        const { writeFile } = require(${tasks})
        writeFile(${JSON.stringify(target())}, Buffer.alloc(1e6))
          .catch(({ code, syscall, path }) => console.log(code, syscall, path))`
      const command = 'ulimit -f 100 && exec "$0" -e "$1"'
      const { stdout, stderr } = spawnSync('sh', ['-c', command, process.execPath, script], {
        encoding: 'utf8',
      })
      assert.equal(stdout.trim(), `EFBIG write ${target()}`, stderr)
      isOld()
    })
  })

  describe('keeps', () => {
    it('its mode, whatever the umask is', async function () {
      if (isWindows) this.skip()
      for (const mode of [0o600, 0o664, 0o777]) {
        fs.chmodSync(target(), mode)
        await writeFile(target(), `${mode}`)
        assert.equal(fs.statSync(target()).mode & 0o7777, mode)
        assert.equal(read(), `${mode}`)
      }
    })

    it('symbolic links to it, also over several', async function () {
      if (isWindows) this.skip()
      fs.mkdirSync(temporary('links'))
      fs.symlinkSync(target(), temporary('links', 'one'))
      fs.symlinkSync('one', temporary('links', 'two'))
      await writeFile(temporary('links', 'two'), 'new')
      assert.equal(read(), 'new')
      assert.equal(fs.readlinkSync(temporary('links', 'two')), 'one')
      assert.deepEqual(fs.readdirSync(temporary('links')).sort(), ['one', 'two'])
      fs.symlinkSync('nowhere', temporary('links', 'three'))
      await writeFile(temporary('links', 'three'), 'made')
      assert.equal(fs.readFileSync(temporary('links', 'nowhere'), 'utf8'), 'made')
    })

    it('hard links', async () => {
      fs.linkSync(target(), inFolder('other'))
      await writeFile(target(), 'new')
      assert.equal(read('other'), 'new')
      assert.deepEqual(fs.readdirSync(folder).sort(), ['other', 'target'])
    })

    it('the old content for who has it open', async function () {
      if (isWindows) this.skip()
      const reader = fs.openSync(target(), 'r')
      await writeFile(target(), 'new')
      const seen = fs.readFileSync(reader, 'utf8')
      fs.closeSync(reader)
      assert.equal(read(), 'new')
      assert.equal(seen, 'precious')
    })
  })

  it('overwrites in place in a folder that takes no new files', function () {
    if (isWindows) this.skip()
    fs.chmodSync(temporary(), 0o755)
    fs.chmodSync(target(), 0o666)
    fs.chmodSync(folder, 0o555)
    const script = `
      const { writeFile } = require(${tasks})
      if (process.getuid() === 0) process.setuid(65534)
      const inFolder = (name) => ${JSON.stringify(folder + path.sep)} + name
      const made = writeFile(inFolder('new'), 'new').catch(({ code }) => code)
      Promise.all([made, writeFile(inFolder('target'), 'new')]).then(([code]) => console.log(code))`
    const { stdout, stderr } = child(script)
    fs.chmodSync(folder, 0o755)
    assert.equal(stdout.trim(), 'EACCES', stderr)
    assert.equal(read(), 'new')
    assert.deepEqual(fs.readdirSync(folder), ['target'])
  })

  describe('takes a path that ends like that of a folder for one:', () => {
    const endings = ['/', '//', '/.', '/./', '/x/..']
    const codes = ['EISDIR', 'ENOTDIR', 'ENOENT', ...(isWindows ? ['EINVAL', 'EPERM'] : [])]
    const forms = { string: String, Buffer: (text) => Buffer.from(text) }
    for (const ending of isWindows ? [...endings, '\\'] : endings) {
      for (const [form, of] of Object.entries(forms)) {
        it(`${ending} in a ${form}`, async () => {
          const named = of(target() + ending)
          const made = of(inFolder('new') + ending)
          for (const task of [writeFile(named, 'a'), writeFile(made, 'a'), crc32(file(named))]) {
            const { code } = await rejection(task)
            assert.ok(codes.includes(code), code)
          }
          const { code } = await rejection(writeFile(target(), file(`${folder}${ending}`)))
          assert.ok(['EISDIR', 'ENOENT', 'ENOTDIR'].includes(code), code)
          isOld()
        })
      }
    }

    it('a slash in a URL', async () => {
      const url = new URL(`${pathToFileURL(target()).href}/`)
      assert.ok(codes.includes((await rejection(gzip(file(url)))).code))
      assert.ok(codes.includes((await rejection(writeFile(url, 'a'))).code))
      assert.equal(file(url).path, target() + path.sep)
      isOld()
    })
  })
})
