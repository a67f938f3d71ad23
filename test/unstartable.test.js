'use strict'
// Tasks that can never start: they fail as members, and the others go on.

const assert = require('node:assert/strict')
const { allSettled, any, map, parallel, race, thread } = require('../lib/index.js')
const { crc32, gzip } = require('../lib/tasks.js')

const kinds = {
  'a function that was closed': {
    code: 'ERR_HEDDLE_CLOSED',
    async make() {
      const fn = thread((n) => n)
      const task = fn(1)
      await fn.close()
      return [task]
    },
  },
  'a buffer that was transferred': {
    code: 'ERR_HEDDLE_DETACHED',
    async make() {
      const bytes = new Uint8Array(9)
      const task = gzip(bytes)
      structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
      return [task]
    },
  },
}

for (const [name, { code, make }] of Object.entries(kinds)) {
  describe(`a Task of ${name} before it started`, () => {
    const good = crc32('abc')

    for (const options of [{}, { copy: true }, { concurrency: 1 }]) {
      it(`is one rejection of allSettled, ${JSON.stringify(options)}`, async () => {
        const [task] = await make()
        const [first, second, third] = await allSettled([good, task, () => 3], options)
        assert.equal(first.value, 891568578)
        assert.equal(second.reason.code, code)
        assert.equal(second.reason.index, 1)
        assert.equal(third.value, 3)
        await assert.rejects(Promise.all([task]), { code })
      })
    }

    it('leaves any to the others', async () => {
      const [task] = await make()
      assert.equal(await any([task, () => 6]), 6)
    })

    it('is one error of many with stopOnError: false', async () => {
      const [task] = await make()
      let ran = 0
      const rest = () => ran++
      const isOne = ({ errors }) =>
        errors.length === 1 && errors[0].code === code && errors[0].index === 0
      await assert.rejects(parallel([task, rest], { stopOnError: false }), isOne)
      await assert.rejects(
        map([task, rest], (work) => (work === rest ? rest() : work), { stopOnError: false }),
        isOne,
      )
      assert.equal(ran, 2)
    })

    it('ends parallel and race', async () => {
      const [task] = await make()
      await assert.rejects(parallel([good, task]), { code, index: 1 })
      await assert.rejects(race([(await make())[0], new Promise(() => {})]), { code, index: 0 })
    })

    it('is a failure of the function that returned it', async () => {
      const [task] = await make()
      const [{ reason }, { value }] = await allSettled([() => task, () => 2])
      assert.equal(reason.code, code)
      assert.equal(value, 2)
    })
  })
}
