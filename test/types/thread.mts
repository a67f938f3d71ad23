import {
  chain,
  map,
  parallel,
  previous,
  sequential,
  Task,
  thread,
  transfer,
  type DependentTask,
  type NewBytes,
  type ParallelOptions,
  type ThreadContext,
  type ThreadFunction,
  type ThreadOptions,
} from 'heddle'
import { hash } from 'heddle/tasks'
import { expectTypeOf } from 'expect-type'

const add = thread((a: number, b: number) => a + b)
expectTypeOf(add).toEqualTypeOf<ThreadFunction<[a: number, b: number], number>>()
expectTypeOf<ReturnType<typeof add>>().toEqualTypeOf<Task<number>>()
const later = thread(async (text: string) => text.length, { idempotent: true, killAfter: Infinity })
expectTypeOf<ReturnType<typeof later>>().toEqualTypeOf<Task<number>>()
const optional = thread((a: number, b?: string) => `${a}${b}`)
optional(1)
optional(1, 'b')
const all = parallel([add(1, 2), later('a'), hash('md5', 'a')])
expectTypeOf(all).toEqualTypeOf<Promise<[number, number, string]>>()
const mixed = chain(later('a'), add(1, previous), hash('md5', previous))
expectTypeOf(mixed).toEqualTypeOf<Task<string>>()
expectTypeOf(add(1, previous)).toEqualTypeOf<DependentTask<number>>()
const mapped = map(['a', 'b'], later)
expectTypeOf(mapped).toEqualTypeOf<Promise<number[]>>()

const context = thread((n: number, { signal, progress }: ThreadContext) => (progress(0.5), signal.aborted && n), {
  context: true,
})
expectTypeOf(context).toEqualTypeOf<ThreadFunction<[n: number], number | false>>()

const render = (text: string, width: number) => Buffer.from(text.padEnd(width))
const module_ = thread<typeof render>(new URL('file:///a.js'), { name: 'render' })
expectTypeOf<ReturnType<typeof module_>>().toEqualTypeOf<Task<NewBytes>>()
const untyped = thread('/a.js')
untyped(1, 'b')
const kept = thread<(n: number, context: ThreadContext) => string>('/a.js', { context: true })
expectTypeOf(kept).toEqualTypeOf<ThreadFunction<[n: number], string>>()

const moved: ArrayBuffer = transfer(new ArrayBuffer(1))
const closed: Promise<void> = add.close()
const ended: Promise<void> = add.terminate()
void [moved, closed, ended, add[Symbol.asyncDispose]]

// A context is known where the other parameters have types; parameters before it are all given.
const bytes = thread((bytes: Uint8Array, { signal }) => !signal.aborted && bytes.length, { context: true })
expectTypeOf(bytes).toEqualTypeOf<ThreadFunction<[bytes: Uint8Array], number | false>>()
const alone = thread(({ signal, progress }) => (progress(1), signal), { context: true })
expectTypeOf(alone).toEqualTypeOf<ThreadFunction<[], AbortSignal>>()
const long = thread((a: number, b: string, c: boolean[], { signal }) => (signal.aborted ? a : b + c), {
  context: true,
  name: 'long',
})
expectTypeOf(long).toEqualTypeOf<ThreadFunction<[a: number, b: string, c: boolean[]], string | number>>()
const ignored = thread((n: number) => n, { context: true })
expectTypeOf(ignored).toEqualTypeOf<ThreadFunction<[n: number], number>>()
const given = thread((n: number, k: number | undefined = 2, _context: ThreadContext) => n * k, { context: true })
given(1, undefined)

// Parameters with defaults have their type from them.
const scaled = thread((n: number, k = 2) => n * k)
expectTypeOf(scaled).toEqualTypeOf<ThreadFunction<[n: number, k?: number], number>>()
scaled(1)
scaled(1, 3)
const rest = thread(function joined(first: string, ...more: string[]) {
  return [first, ...more]
}, { name: 'joined' })
expectTypeOf(rest).toEqualTypeOf<ThreadFunction<[first: string, ...more: string[]], string[]>>()
const loose: (...args: any[]) => any = (n) => n
expectTypeOf(thread(loose)).toEqualTypeOf<ThreadFunction<any[], any>>()

// Buffers arrive as Uint8Arrays.
const packed = thread((n: number) => Buffer.alloc(n))
expectTypeOf(packed(1)).toEqualTypeOf<Task<NewBytes>>()
const parts = thread(async (n: number) => ({ n, all: [Buffer.alloc(n)], byName: new Map([['a', Buffer.alloc(n)]]) }))
expectTypeOf(parts(1)).toEqualTypeOf<Task<{ n: number; all: NewBytes[]; byName: Map<string, NewBytes> }>>()
interface Tree {
  value: number
  children: Tree[]
}
expectTypeOf(thread((tree: Tree) => tree)({ value: 1, children: [] })).toEqualTypeOf<Task<Tree>>()
bytes(Buffer.alloc(1)) // is a Uint8Array

// What wraps it may leave types open.
const wrapped = <A extends unknown[], R>(fn: (...args: A) => R) => thread(fn, { idleTimeout: 5 })
expectTypeOf(wrapped((n: number) => `${n}`)).toEqualTypeOf<ThreadFunction<[n: number], string>>()
const pooled = <F extends (...args: any[]) => unknown>(fn: F) => thread(fn)
pooled((n: number) => n)(1)
declare const options: ThreadOptions
thread('/a.js', options)

// As mappers, thread functions are given the item alone.
const items = map([1, 2], scaled, { concurrency: 2 })
expectTypeOf(items).toEqualTypeOf<Promise<number[]>>()

// @ts-expect-error: a ThreadContext needs context: true
thread((n: number, _context: ThreadContext) => n)
// @ts-expect-error: and it must not be false
thread((n: number, _context: ThreadContext) => n, { context: false })
// @ts-expect-error: a Buffer arrives as a Uint8Array
thread((buffer: Buffer) => buffer.length)
// @ts-expect-error: in an object, too, with a context as without
thread(({ buffer }: { buffer: Buffer }, { signal }) => signal.aborted && buffer, { context: true })
// @ts-expect-error: what it is, nobody knows
thread((n) => n)
// @ts-expect-error: a class has no source that can be called
thread(class {})
// @ts-expect-error: with a context all arguments are given
given(1)
// @ts-expect-error: the default is a number
scaled(1, '3')
// @ts-expect-error: the first step has none before it
chain(add(1, previous), later(previous))
// @ts-expect-error: nor has it here
void sequential([add(1, previous)])
// @ts-expect-error: a Task runs once
void parallel([add(1, 2), () => 5], { retry: 2 })
// @ts-expect-error: these may have retry
void parallel([add(1, 2)], {} as ParallelOptions)
// @ts-expect-error: the argument is no number
add('a', 1)
// @ts-expect-error: an argument is missing
add(1)
// @ts-expect-error: there is no such option
thread(() => 1, { workers: 2 })
// @ts-expect-error: no function, path or URL
thread(7)
// @ts-expect-error: nothing to transfer
transfer(7)
