'use strict'
// Programs that use all of heddle that has memory of its own. Each gives something
// that can be compared, the same in every run.

const fs = require('node:fs')
const path = require('node:path')
const heddle = require('../../lib/index.js')
const tasks = require('../../lib/tasks.js')
const { noop, sleep } = require('../../lib/testing.js')
const { compileTasks } = require('../../test/helpers/plugin.js')

const { allSettled, any, chain, load, map, parallel, previous, race, run, sequential, stream, thread } = heddle
const { crc32, file, gunzip, gzip, hash, hkdf, scrypt, sort, sum, writeFile } = tasks

const source = `
static heddle_status record(heddle_call *call) {
  double *scratch = heddle_scratch(call, 100 * sizeof(double));
  if (scratch == NULL)
    return HEDDLE_FAILED;
  for (int i = 0; i < 6; i++) {
    char name[8] = {'f', (char)('0' + i), 0};
    heddle_field(call, name);
    if (heddle_result_string(call, name, 2) != HEDDLE_OK)
      return HEDDLE_FAILED;
  }
  return HEDDLE_OK;
}
static heddle_status body(const heddle_call *call, size_t begin, size_t end, void *data) {
  double *to = data;
  (void)call;
  for (size_t i = begin; i < end; i++)
    to[i] = (double)i;
  return HEDDLE_OK;
}
static heddle_status loop(heddle_call *call) {
  double *to = heddle_result_array(call, HEDDLE_ELEMENT_F64, 20000);
  return to == NULL ? HEDDLE_FAILED : heddle_for(call, 20000, 100, body, to);
}
static heddle_status copy(heddle_call *call) {
  const void *data;
  size_t length;
  heddle_file *out = heddle_create(call, heddle_arg(call, 1)->as.string);
  if (out == NULL)
    return HEDDLE_FAILED;
  heddle_status status = heddle_read(call, 0, &data, &length);
  while (status == HEDDLE_OK && length > 0) {
    status = heddle_write(call, out, data, length);
    if (status == HEDDLE_OK)
      status = heddle_read(call, 0, &data, &length);
  }
  return status == HEDDLE_OK ? heddle_close(call, out) : status;
}
static heddle_status fail(heddle_call *call) {
  return heddle_error(call, "ERR_PLANNED", "as it was planned");
}
`
const rows =
  '{"record", "-> record", record, 0}, {"loop", "-> f64[]", loop, HEDDLE_PARALLEL}, ' +
  '{"copy", "from: bytes, to: string -> void", copy, 0}, {"fail", "-> void", fail, 0}'

const range = (length) => Array.from({ length }, (_, i) => i)

/** @param {string} folder for files */
function programs(folder) {
  const at = (name) => path.join(folder, name)
  const library = compileTasks(source, rows)
  const small = Buffer.alloc(3000, 'small')
  const large = Buffer.alloc(200_000, 'large')
  const packed = require('node:zlib').gzipSync(large)
  const numbers = Float64Array.from({ length: 5000 }, (_, i) => (i * 7919) % 5000)
  fs.writeFileSync(at('in'), large)
  fs.symlinkSync('linked', at('link'))
  const twice = thread((n) => n * 2)
  const plugin = () => load(library)
  const aborted = async (work, options) => {
    const controller = new AbortController()
    const call = parallel(work, { ...options, signal: controller.signal, join: true })
    setImmediate(() => controller.abort())
    await call.catch((error) => {
      if (error.name !== 'AbortError') throw error
    })
  }
  return {
    'one Task': () => hash('sha256', small),
    'a list': () => parallel(range(40).map((i) => hash('md5', `task ${i}`))),
    'an object': () => parallel({ a: crc32('a'), b: () => 2, c: Promise.resolve(3) }),
    'a long list': async () => (await parallel(range(9000).map(() => noop()))).length,
    'Promise.all': () => Promise.all(range(300).map((i) => crc32(`${i}`))),
    'allSettled': () => allSettled([crc32('a'), plugin().fail(), () => 3, hash('md5', large)]),
    'allSettled, a few at a time': () => allSettled([crc32('a'), () => crc32('b'), hash('md5', large)], { concurrency: 1 }),
    'race': async () => typeof (await race([crc32('a'), sleep(1e9), () => new Promise(() => {})])),
    'any': async () => typeof (await any([plugin().fail(), crc32('a'), () => Promise.reject(new Error('no'))])),
    'map to Tasks': () => map(range(50), (i) => hash('sha1', `${i}`), { concurrency: 4 }),
    'map without bound': () => map(range(50), (i) => [crc32(`${i}`), i][i % 2]),
    'functions that return Tasks': () => parallel(range(9).map((i) => () => crc32(`${i}`)), { concurrency: 3 }),
    'retry': () => parallel([() => crc32('a'), () => 2], { retry: { retries: 2, minTimeout: 0 } }),
    'all errors': () => parallel([crc32('a'), () => crc32('b')], { stopOnError: false }),
    'stream': async () => {
      const found = []
      for await (const { value } of stream(range(20), (i) => crc32(`${i}`), { ordered: true })) found.push(value)
      return found
    },
    'sequential': () => sequential([gzip(small), gunzip(previous), hash('md5', previous), (digest) => digest.length]),
    'a mixed sequence': () => sequential([() => small, hash('md5', previous), crc32(previous), twice(4), () => 5]),
    'chain': () => parallel(range(5).map(() => chain(gzip(large), gunzip(previous), hash('sha1', previous)))),
    'chain with a thread': () => run(chain(crc32('a'), twice(previous))),
    'threads': () => parallel([twice(1), crc32('a'), twice(2), () => twice(3)]),
    'files': () => parallel([hash('md5', file(at('in'))), gzip(file(at('in'))), crc32(file(Buffer.from(at('in'))))]),
    'written files': async () => {
      await parallel([writeFile(at('out'), large), writeFile(at('link'), file(at('in')))])
      return [at('out'), at('link')].map((name) => fs.statSync(name).size)
    },
    'keys': () => parallel([scrypt('p', 's', 500, { N: 2, r: 1 }), hkdf('sha1', 'k', 's', 'i', 200)]),
    'numbers': () => parallel([sort(numbers), sum(numbers), sum(BigInt64Array.of(1n))]),
    'large results': () => parallel([gunzip(packed), sort(numbers)]),
    'records': () => parallel([plugin().record(), plugin().record()]),
    'loops': () => run(plugin().loop()),
    'files of a plugin': () => run(plugin().copy(file(at('in')), at('copy'))),
    'copied buffers': () => parallel([hash('md5', large), gzip(small)], { copy: true }),
    'item timeouts': () => parallel([crc32('a'), sleep(1), () => crc32('b')], { itemTimeout: 1e6, priority: 2 }),
    'expired items': () => allSettled([sleep(1e9), crc32('a')], { itemTimeout: 2 }).then(([{ reason }, b]) => [reason.name === 'TimeoutError' ? 1 : { reason }, b]),
    'progress': () => parallel(range(5).map((i) => crc32(`${i}`)), { onProgress() {} }),
    'shared Tasks': async () => {
      const task = hash('md5', large)
      const [a, b] = await Promise.all([parallel([task, task, crc32('a')]), race([task, sleep(1e9)])])
      return [a, b]
    },
    'an abort in the queue': () => aborted(range(300).map(() => sleep(1e9))),
    'an abort of what is shared': async () => {
      const task = crc32(large)
      const [, value] = await Promise.all([aborted([sleep(1e9), task], { concurrency: 1 }), run(task)])
      return value
    },
  }
}

module.exports = { programs, library: () => compileTasks(source, rows) }
