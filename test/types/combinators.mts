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
import { crc32, file, gunzip, gzip, hash, sort, type NewBuffer } from 'heddle/tasks'
import { noop, sleep } from 'heddle/testing'
import { expectTypeOf } from 'expect-type'

type Bytes = NewBuffer
const text = hash('sha256', 'a')
const bytes = gzip('a')
const number = crc32('a')

// Lists: tuples stay tuples, arrays arrays, iterables become arrays.
const tuple = parallel([text, bytes, number])
expectTypeOf(tuple).toEqualTypeOf<Promise<[string, Bytes, number]>>()
const fixed = parallel([text, bytes] as const)
expectTypeOf(fixed).toEqualTypeOf<Promise<[string, Bytes]>>()
const readonlyTuple: readonly [Task<string>, ...Task<number>[]] = [text, number]
const open = parallel(readonlyTuple)
expectTypeOf(open).toEqualTypeOf<Promise<[string, ...number[]]>>()
const array = parallel(['a', 'b'].map((name) => hash('md5', file(name))))
expectTypeOf(array).toEqualTypeOf<Promise<string[]>>()
const mixed = parallel([text, number] as (Task<string> | Task<number>)[])
expectTypeOf(mixed).toEqualTypeOf<Promise<(string | number)[]>>()
const set = parallel(new Set([text, text]))
expectTypeOf(set).toEqualTypeOf<Promise<string[]>>()
function* generate() {
  yield text
  yield number
}
const generated = sequential(generate())
expectTypeOf(generated).toEqualTypeOf<Promise<(string | number)[]>>()
const none = parallel([])
expectTypeOf(none).toEqualTypeOf<Promise<[]>>()

// Objects: the same keys, interfaces and readonly fields included.
const object = parallel({ text, bytes })
expectTypeOf(object).toEqualTypeOf<Promise<{ text: string; bytes: Bytes }>>()
interface Jobs {
  readonly digest: Task<string>
  sum: Task<number>
}
declare const jobs: Jobs
const results = sequential(jobs)
expectTypeOf(results).toEqualTypeOf<Promise<{ digest: string; sum: number }>>()
declare const record: Record<string, Task<Bytes>>
const keyed = parallel(record)
expectTypeOf(keyed).toEqualTypeOf<Promise<Record<string, Bytes>>>()
expectTypeOf<Results<[Task<1>, Task<2>]>>().toEqualTypeOf<[1, 2]>()

// The others' results.
const steps = sequential([gzip('a'), hash('sha256', previous, { outputEncoding: 'buffer' })])
expectTypeOf(steps).toEqualTypeOf<Promise<[Bytes, Bytes]>>()
const first = race([text, number])
expectTypeOf(first).toEqualTypeOf<Promise<string | number>>()
const firstOfSet = race(new Set([text]))
expectTypeOf(firstOfSet).toEqualTypeOf<Promise<string>>()
const firstOf = race({ text, bytes })
expectTypeOf(firstOf).toEqualTypeOf<Promise<string | Bytes>>()
const one = run(text, { priority: 1, join: true })
expectTypeOf(one).toEqualTypeOf<Promise<string>>()
const done = run(noop())
expectTypeOf(done).toEqualTypeOf<Promise<void>>()

// chain: the last step's result.
const digest = chain(gunzip(file('a.gz')), hash('sha256', previous))
expectTypeOf(digest).toEqualTypeOf<Task<string>>()
const nested = chain(digest, gzip(previous))
expectTypeOf(nested).toEqualTypeOf<Task<Bytes>>()
const many = chain(...[text, text])
expectTypeOf(many).toEqualTypeOf<Task<string>>()
const some = chain(...([sleep(1), text] as [Task<void>, Task<string>]))
expectTypeOf(some).toEqualTypeOf<Task<string>>()
const throws = () => chain()
expectTypeOf(throws).toEqualTypeOf<() => never>()
expectTypeOf<Last<[1, 2, 3]>>().toEqualTypeOf<3>()
expectTypeOf<Last<string[]>>().toEqualTypeOf<string>()

// A Task is a promise of its result.
const promise: Promise<string> = text
const like: PromiseLike<string> = text
const awaited = Promise.all([text, number])
expectTypeOf(awaited).toEqualTypeOf<Promise<[string, number]>>()
expectTypeOf<Awaited<typeof bytes>>().toEqualTypeOf<Bytes>()
const then = text.then((value) => value.length)
expectTypeOf(then).toEqualTypeOf<Promise<number>>()
const caught = text.catch(() => 1)
expectTypeOf(caught).toEqualTypeOf<Promise<string | number>>()
const final = text.finally(() => {})
expectTypeOf(final).toEqualTypeOf<Promise<string>>()
expectTypeOf<(typeof text)[typeof Symbol.toStringTag]>().toEqualTypeOf<'Task'>()
expectTypeOf<(typeof text)['name']>().toEqualTypeOf<string>()
const wide: Task = text
const isTask: boolean = promise instanceof Task

// Options: those that apply, each also undefined.
const { signal } = new AbortController()
const onProgress = ({ done, total, failed, fraction }: Progress): number =>
  done + total + failed + fraction
expectTypeOf<keyof Progress>().toEqualTypeOf<'done' | 'total' | 'failed' | 'fraction'>()
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

// Tasks with `previous` in them come behind others; lists may hide which one is first.
const behind = [gzip('a'), hash('md5', previous)]
void sequential(behind)
chain(...behind)
const pipe = <S extends readonly Task[]>(...steps: S) => chain(...steps)
pipe(gzip('a'), gzip(previous))
// @ts-expect-error the first step has none before it
chain(gzip(previous), hash('md5', previous))
// @ts-expect-error nor in sequential
void sequential([gzip(previous), text])
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
// @ts-expect-error a race stops at the first
void race([text], { stopOnError: false })
// @ts-expect-error only one Task
void run([text])
// @ts-expect-error not a Task
chain(text, 5)
// @ts-expect-error chain takes no list
chain([text])
// @ts-expect-error results are not any
const wrong: Promise<[number]> = parallel([text])

void [promise, like, awaited, wide, isTask, wrong]
