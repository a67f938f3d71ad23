import {
  any,
  allSettled,
  delay,
  map,
  mapSkip,
  parallel,
  race,
  retry,
  sequential,
  stream,
  timeout,
  UnrecoverableError,
  type Context,
  type PulledProgress,
} from 'heddle'
import { crc32, gzip, hash } from 'heddle/tasks'
import type { Equal, Expect } from './expect.js'

type Bytes = Buffer<ArrayBuffer>
const text = hash('sha256', 'a')
const five = () => 5
const later = async () => 'later'
const makes = () => crc32('a')

// Work of every kind, with the results' types.
const tuple = parallel([text, five, later, makes, Promise.resolve(true), null, 'value' as string])
type _tuple = Expect<
  Equal<typeof tuple, Promise<[string, number, string, number, boolean, null, string]>>
>
const object = parallel({ text, five, later })
type _object = Expect<Equal<typeof object, Promise<{ text: string; five: number; later: string }>>>
const functions = parallel([1, 2].map((i) => async () => String(i)))
type _functions = Expect<Equal<typeof functions, Promise<string[]>>>
const set = any(new Set([five]))
type _set = Expect<Equal<typeof set, Promise<number>>>
const first = race([later, five])
type _first = Expect<Equal<typeof first, Promise<string | number>>>
const oneOf = any({ later, text })
type _oneOf = Expect<Equal<typeof oneOf, Promise<string>>>
const settled = allSettled([text, five])
type _settled = Expect<
  Equal<typeof settled, Promise<[PromiseSettledResult<string>, PromiseSettledResult<number>]>>
>
const settledObject = allSettled({ five })
type _settledObject = Expect<
  Equal<typeof settledObject, Promise<{ five: PromiseSettledResult<number> }>>
>

// Functions get a context; those of sequential also the result before.
void parallel([
  ({ signal, index, attempt }) => {
    type _signal = Expect<Equal<typeof signal, AbortSignal>>
    type _index = Expect<Equal<typeof index, string | number>>
    type _attempt = Expect<Equal<typeof attempt, number>>
    return fetch('http://localhost', { signal })
  },
])
void race({ a: ({ signal }: Context) => signal.aborted })
const steps = sequential([five, (previous: number, { index }) => `${previous}${index}`, text])
type _steps = Expect<Equal<typeof steps, Promise<[number, string, string]>>>

// map and stream: items are awaited, work too, skipped ones left out.
const mapped = map([1, 2], (n, index, { signal }) => (signal.aborted ? index : n))
type _mapped = Expect<Equal<typeof mapped, Promise<number[]>>>
const promised = map([Promise.resolve('a')], async (name) => name.length)
type _promised = Expect<Equal<typeof promised, Promise<number[]>>>
const tasks = map(['a', 'b'], (name) => gzip(name), { concurrency: 2, stopOnError: false })
type _tasks = Expect<Equal<typeof tasks, Promise<Bytes[]>>>
const sparse = map([1, 2], (n) => (n > 1 ? n : mapSkip))
type _sparse = Expect<Equal<typeof sparse, Promise<number[]>>>
async function* generate() {
  yield 1
}
const pulled = map(generate(), (n) => n.toFixed(), {
  onProgress: ({ total }: PulledProgress) => total,
})
type _pulled = Expect<Equal<typeof pulled, Promise<string[]>>>
async function read() {
  const options = { concurrency: 2, backpressure: 4, ordered: true }
  for await (const { index, value } of stream(generate(), later, options)) {
    type _index = Expect<Equal<typeof index, number>>
    type _value = Expect<Equal<typeof value, string>>
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
type _retried = Expect<Equal<typeof retried, Promise<number>>>
const timed = timeout(later, 10)
type _timed = Expect<Equal<typeof timed, Promise<string>>>
const fallen = timeout(text, { milliseconds: 10, fallback: () => 5 })
type _fallen = Expect<Equal<typeof fallen, Promise<string | number>>>
const quiet = timeout(text, { milliseconds: 10, message: false })
type _quiet = Expect<Equal<typeof quiet, Promise<string | undefined>>>
const waited = delay(1)
type _waited = Expect<Equal<typeof waited, Promise<void>>>
const valued = delay(1, text, { unref: true })
type _valued = Expect<Equal<typeof valued, Promise<string>>>
void parallel([five], { retry: 2 })
void sequential([five], { retry: { retries: 2, factor: 1 } })

// @ts-expect-error the mapper is a function
void map([1], 5)
// @ts-expect-error a string is no list of items
void map('abc', five)
// @ts-expect-error a stream does not go on after a failure
void stream([1], five, { stopOnError: false })
// @ts-expect-error a time is needed
void timeout(later)
// @ts-expect-error a time is needed
void timeout(later, {})
// @ts-expect-error a function, not a promise
void retry(Promise.resolve())
// @ts-expect-error no such field
void parallel([five], { retry: { tries: 2 } })

void [read]
