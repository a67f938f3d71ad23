import {
  chain,
  parallel,
  previous,
  race,
  run,
  sequential,
  Task,
  type Last,
  type Progress,
  type Results,
} from 'heddle'
import { crc32, file, gunzip, gzip, hash, sort } from 'heddle/tasks'
import { noop, sleep } from 'heddle/testing'
import type { Equal, Expect } from './expect.js'

type Bytes = Buffer<ArrayBuffer>
const text = hash('sha256', 'a')
const bytes = gzip('a')
const number = crc32('a')

// Lists: tuples stay tuples, arrays arrays, iterables become arrays.
const tuple = parallel([text, bytes, number])
type _tuple = Expect<Equal<typeof tuple, Promise<[string, Bytes, number]>>>
const fixed = parallel([text, bytes] as const)
type _fixed = Expect<Equal<typeof fixed, Promise<[string, Bytes]>>>
const readonlyTuple: readonly [Task<string>, ...Task<number>[]] = [text, number]
const open = parallel(readonlyTuple)
type _open = Expect<Equal<typeof open, Promise<[string, ...number[]]>>>
const array = parallel(['a', 'b'].map((name) => hash('md5', file(name))))
type _array = Expect<Equal<typeof array, Promise<string[]>>>
const mixed = parallel([text, number] as (Task<string> | Task<number>)[])
type _mixed = Expect<Equal<typeof mixed, Promise<(string | number)[]>>>
const set = parallel(new Set([text, text]))
type _set = Expect<Equal<typeof set, Promise<string[]>>>
function* generate() {
  yield text
  yield number
}
const generated = sequential(generate())
type _generated = Expect<Equal<typeof generated, Promise<(string | number)[]>>>
const none = parallel([])
type _none = Expect<Equal<typeof none, Promise<[]>>>

// Objects: the same keys, interfaces and readonly fields included.
const object = parallel({ text, bytes })
type _object = Expect<Equal<typeof object, Promise<{ text: string; bytes: Bytes }>>>
interface Jobs {
  readonly digest: Task<string>
  sum: Task<number>
}
declare const jobs: Jobs
const results = sequential(jobs)
type _results = Expect<Equal<typeof results, Promise<{ digest: string; sum: number }>>>
declare const record: Record<string, Task<Bytes>>
const keyed = parallel(record)
type _keyed = Expect<Equal<typeof keyed, Promise<Record<string, Bytes>>>>
type _Results = Expect<Equal<Results<[Task<1>, Task<2>]>, [1, 2]>>

// The others' results.
const steps = sequential([gzip('a'), hash('sha256', previous, { outputEncoding: 'buffer' })])
type _steps = Expect<Equal<typeof steps, Promise<[Bytes, Bytes]>>>
const first = race([text, number])
type _first = Expect<Equal<typeof first, Promise<string | number>>>
const firstOfSet = race(new Set([text]))
type _firstOfSet = Expect<Equal<typeof firstOfSet, Promise<string>>>
const firstOf = race({ text, bytes })
type _firstOf = Expect<Equal<typeof firstOf, Promise<string | Bytes>>>
const one = run(text, { priority: 1, join: true })
type _one = Expect<Equal<typeof one, Promise<string>>>
const done = run(noop())
type _done = Expect<Equal<typeof done, Promise<void>>>

// chain: the last step's result.
const digest = chain(gunzip(file('a.gz')), hash('sha256', previous))
type _digest = Expect<Equal<typeof digest, Task<string>>>
const nested = chain(digest, gzip(previous))
type _nested = Expect<Equal<typeof nested, Task<Bytes>>>
const many = chain(...[text, text])
type _many = Expect<Equal<typeof many, Task<string>>>
const some = chain(...([sleep(1), text] as [Task<void>, Task<string>]))
type _some = Expect<Equal<typeof some, Task<string>>>
const throws = () => chain()
type _throws = Expect<Equal<typeof throws, () => never>>
type _Last = Expect<Equal<Last<[1, 2, 3]>, 3>>
type _LastOfArray = Expect<Equal<Last<string[]>, string>>

// A Task is a promise of its result.
const promise: Promise<string> = text
const like: PromiseLike<string> = text
const awaited = Promise.all([text, number])
type _awaited = Expect<Equal<typeof awaited, Promise<[string, number]>>>
type _Awaited = Expect<Equal<Awaited<typeof bytes>, Bytes>>
const then = text.then((value) => value.length)
type _then = Expect<Equal<typeof then, Promise<number>>>
const caught = text.catch(() => 1)
type _caught = Expect<Equal<typeof caught, Promise<string | number>>>
const final = text.finally(() => {})
type _final = Expect<Equal<typeof final, Promise<string>>>
type _tag = Expect<Equal<(typeof text)[typeof Symbol.toStringTag], 'Task'>>
type _name = Expect<Equal<(typeof text)['name'], string>>
const wide: Task = text
const isTask: boolean = promise instanceof Task

// Options: those that apply, each also undefined.
const { signal } = new AbortController()
const onProgress = ({ done, total, failed, fraction }: Progress): number =>
  done + total + failed + fraction
type _keys = Expect<Equal<keyof Progress, 'done' | 'total' | 'failed' | 'fraction'>>
void parallel([text], {
  concurrency: Infinity,
  signal,
  timeout: 10,
  itemTimeout: undefined,
  stopOnError: false,
  join: true,
  priority: -1,
  onProgress,
})
void parallel([text], { signal: undefined, timeout: undefined, onProgress: undefined })
void race([text], { concurrency: 2, signal })
void sequential([text], { timeout: 5, onProgress: ({ fraction }) => fraction })

// @ts-expect-error Task has no public constructor
new Task()
// @ts-expect-error a string is no list
void parallel('abc')
// @ts-expect-error nor is a promise
void parallel(Promise.resolve([text]))
// @ts-expect-error nor a Task
void parallel(text)
// @ts-expect-error nor a function
void parallel(() => [text])
// @ts-expect-error nor a list of one argument each
void parallel(text, number)
// @ts-expect-error an object with then could never be a result
void parallel({ then: text })
// @ts-expect-error no such option
void parallel([text], { concurency: 2 })
// @ts-expect-error a number
void parallel([text], { concurrency: '2' })
// @ts-expect-error sequential runs one at a time
void sequential([text], { concurrency: 2 })
// @ts-expect-error a race stops at the first
void race([text], { stopOnError: false })
// @ts-expect-error only one Task
void run([text])
// @ts-expect-error one Task needs no concurrency
void run(text, { concurrency: 1 })
// @ts-expect-error not a Task
chain(text, 5)
// @ts-expect-error chain takes no list
chain([text])
// @ts-expect-error results are not any
const wrong: Promise<[number]> = parallel([text])

void [promise, like, awaited, wide, isTask, wrong]
