import {
  allKeyed,
  any,
  allSettled,
  allSettledKeyed,
  delay,
  map,
  mapSkip,
  mapStop,
  parallel,
  previous,
  race,
  retry,
  run,
  sequential,
  stream,
  timeout,
  UnrecoverableError,
  type Context,
  type ParallelOptions,
  type PulledProgress,
  type Work,
} from 'heddle'
import { crc32, gzip, hash, sort, type NewArray, type NewBuffer } from 'heddle/tasks'
import { expectTypeOf } from 'expect-type'

type Bytes = NewBuffer
const text = hash('sha256', 'a')
const five = () => 5
const later = async () => 'later'
const makes = () => crc32('a')
const symbol: unique symbol = Symbol('key')

// Work of every kind, with the results' types.
const tuple = parallel([text, five, later, makes, Promise.resolve(true), null, 'value' as string])
expectTypeOf(tuple).toEqualTypeOf<Promise<[string, number, string, number, boolean, null, string]>>()
const object = parallel({ text, five, later })
expectTypeOf(object).toEqualTypeOf<Promise<{ text: string; five: number; later: string }>>()
const functions = parallel([1, 2].map((i) => async () => String(i)))
expectTypeOf(functions).toEqualTypeOf<Promise<string[]>>()
const set = any(new Set([five]))
expectTypeOf(set).toEqualTypeOf<Promise<number>>()
const first = race([later, five])
expectTypeOf(first).toEqualTypeOf<Promise<string | number>>()
const oneOf = any({ later, text })
expectTypeOf(oneOf).toEqualTypeOf<Promise<string>>()
const settled = allSettled([text, five])
expectTypeOf(settled).toEqualTypeOf<Promise<[PromiseSettledResult<string>, PromiseSettledResult<number>]>>()
const settledObject = allSettled({ five })
expectTypeOf(settledObject).toEqualTypeOf<Promise<{ five: PromiseSettledResult<number> }>>()

// Functions get a context; those of sequential also the result before.
void parallel([
  ({ signal, index, attempt }) => {
    expectTypeOf(signal).toEqualTypeOf<AbortSignal>()
    expectTypeOf(index).toEqualTypeOf<string | number>()
    expectTypeOf(attempt).toEqualTypeOf<number>()
    return fetch('http://localhost', { signal })
  },
])
void race({ a: ({ signal }: Context) => signal.aborted })
const steps = sequential([five, (previous: number, { index }) => `${previous}${index}`, text])
expectTypeOf(steps).toEqualTypeOf<Promise<[number, string, string]>>()

// map and stream: items are awaited, work too, skipped ones left out.
const mapped = map([1, 2], (n, index, { signal }) => (signal.aborted ? index : n))
expectTypeOf(mapped).toEqualTypeOf<Promise<number[]>>()
const promised = map([Promise.resolve('a')], async (name) => name.length)
expectTypeOf(promised).toEqualTypeOf<Promise<number[]>>()
const tasks = map(['a', 'b'], (name) => gzip(name), { concurrency: 2, stopOnError: false })
expectTypeOf(tasks).toEqualTypeOf<Promise<Bytes[]>>()
const sparse = map([1, 2], (n) => (n > 1 ? n : mapSkip))
expectTypeOf(sparse).toEqualTypeOf<Promise<number[]>>()
const early = map([1, 2], (n) => (n > 1 ? n : mapStop))
expectTypeOf(early).toEqualTypeOf<Promise<number[]>>()
async function* generate() {
  yield 1
}
const pulled = map(generate(), (n) => n.toFixed(), {
  onProgress: ({ total }: PulledProgress) => total,
})
expectTypeOf(pulled).toEqualTypeOf<Promise<string[]>>()
async function read() {
  const options = { concurrency: 2, backpressure: 4, ordered: true }
  for await (const { index, value } of stream(generate(), later, options)) {
    expectTypeOf(index).toEqualTypeOf<number>()
    expectTypeOf(value).toEqualTypeOf<string>()
  }
}

// retry, timeout, delay.
const retried = retry(
  ({ attempt, signal }) => {
    if (signal.aborted) throw new UnrecoverableError('enough')
    return crc32(String(attempt))
  },
  {
    retries: 3,
    shouldRetry: ({ error, retriesLeft }) => error instanceof Error && retriesLeft > 0,
    onFailedAttempt: async ({ attemptNumber }) => void attemptNumber,
  },
)
expectTypeOf(retried).toEqualTypeOf<Promise<number>>()
const timed = timeout(later, 10)
expectTypeOf(timed).toEqualTypeOf<Promise<string>>()
const fallen = timeout(text, { milliseconds: 10, fallback: () => 5 })
expectTypeOf(fallen).toEqualTypeOf<Promise<string | number>>()
const quiet = timeout(text, { milliseconds: 10, message: false })
expectTypeOf(quiet).toEqualTypeOf<Promise<string | undefined>>()
const waited = delay(1)
expectTypeOf(waited).toEqualTypeOf<Promise<void>>()
const valued = delay(1, text, { unref: true })
expectTypeOf(valued).toEqualTypeOf<Promise<string>>()
void parallel([five], { retry: 2 })
void sequential([five], { retry: { retries: 2, factor: 1 } })

// Makers pass as mappers; they are given the item alone.
const zipped = map(['a'], gzip)
expectTypeOf(zipped).toEqualTypeOf<Promise<Bytes[]>>()
const sorted = map([new Float64Array(1)], sort)
expectTypeOf(sorted).toEqualTypeOf<Promise<NewArray['Float64Array'][]>>()
const sums = map(['a', Buffer.from('b')], crc32, { concurrency: 2, retry: 1 })
expectTypeOf(sums).toEqualTypeOf<Promise<number[]>>()
const same = map([1, 2], <T,>(value: T) => [value])
expectTypeOf(same).toEqualTypeOf<Promise<number[][]>>()
for await (const { value } of stream(['a'], gzip, { ordered: true })) expectTypeOf(value).toEqualTypeOf<Bytes>()

// What functions return is no literal, unless it is said so.
const literal = parallel({ n: () => 1, text: () => 'a', known: () => 'a' as const, value: 5 })
expectTypeOf(literal).toEqualTypeOf<Promise<{ n: number; text: string; known: 'a'; value: number }>>()
const listed = allSettled([() => 1, () => 'a'])
expectTypeOf(listed).toEqualTypeOf<
  Promise<[PromiseSettledResult<number>, PromiseSettledResult<string>]>
>()
void parallel({ a: ({ signal, index }) => (signal.aborted ? index : fetch('http://localhost')), b: later })
void sequential({ a: five, b: (_previous, { signal }) => signal.aborted })
declare const either: (() => number)[] | Set<() => string>
expectTypeOf(parallel(either)).toEqualTypeOf<Promise<number[] | string[]>>()
declare const anything: any
expectTypeOf(parallel(anything)).toEqualTypeOf<Promise<any>>()
const passed = <T,>(work: (() => Promise<T>)[], options?: ParallelOptions) => parallel(work, options)
expectTypeOf(passed([later])).toEqualTypeOf<Promise<string[]>>()
const listOf = <T extends readonly Work[]>(work: T) => parallel(work, { concurrency: 2 })
expectTypeOf(listOf([five, five])).toEqualTypeOf<Promise<number[]>>()

// @ts-expect-error gzip takes no numbers
void map([1], gzip)
// @ts-expect-error the mapper is a function
void map([1], 5)
// @ts-expect-error a string is no list of items
void map('abc', five)
const keyed = allKeyed({ text, five, [symbol]: later })
expectTypeOf(keyed).toEqualTypeOf<Promise<{ text: string; five: number; [symbol]: string }>>()
const keyedEnds = allSettledKeyed({ five })
expectTypeOf(keyedEnds).toEqualTypeOf<Promise<{ five: PromiseSettledResult<number> }>>()
for await (const end of stream([1], later, { stopOnError: false })) {
  if (end.status === 'fulfilled') expectTypeOf(end.value).toEqualTypeOf<string>()
  else expectTypeOf(end.reason).toBeAny()
}
// @ts-expect-error the result could not be resolved with
void allKeyed({ then: five })
// @ts-expect-error a time is needed
void timeout(later)
// @ts-expect-error a time is needed
void timeout(later, {})
// @ts-expect-error a function, not a promise
void retry(Promise.resolve())
// @ts-expect-error a Task runs once
void parallel([text], { retry: 2 })
// @ts-expect-error `previous` has no step before it
void parallel([hash('md5', previous)])
// @ts-expect-error a Task runs once
void sequential([text], { retry: 2 })
// @ts-expect-error `previous` has no step before it
void sequential([hash('md5', previous)])
// @ts-expect-error a Task runs once
void race([text], { retry: 2 })
// @ts-expect-error `previous` has no step before it
void race([hash('md5', previous)])
// @ts-expect-error a Task runs once
void any([text], { retry: 2 })
// @ts-expect-error `previous` has no step before it
void any([hash('md5', previous)])
// @ts-expect-error a Task runs once
void allSettled([text], { retry: 2 })
// @ts-expect-error `previous` has no step before it
void allSettled([hash('md5', previous)])
// @ts-expect-error a Task runs once, in an object too
void parallel({ text, five }, { retry: { retries: 2 } })
// @ts-expect-error `previous` has no step before it
void run(hash('md5', previous))
// @ts-expect-error nor here
void timeout(hash('md5', previous), 5)
// @ts-expect-error nor here
void parallel({ text: gzip(previous) })
// @ts-expect-error no such field
void parallel([five], { retry: { tries: 2 } })

void [read]
