import {
  chain,
  map,
  parallel,
  previous,
  Task,
  thread,
  transfer,
  type ThreadContext,
  type ThreadFunction,
} from 'heddle'
import { hash } from 'heddle/tasks'
import type { Equal, Expect } from './expect.js'

const add = thread((a: number, b: number) => a + b)
type _add = Expect<Equal<typeof add, ThreadFunction<[a: number, b: number], number>>>
type _task = Expect<Equal<ReturnType<typeof add>, Task<number>>>
const later = thread(async (text: string) => text.length, { idempotent: true, killAfter: Infinity })
type _later = Expect<Equal<ReturnType<typeof later>, Task<number>>>
const optional = thread((a: number, b?: string) => `${a}${b}`)
optional(1)
optional(1, 'b')
const all = parallel([add(1, 2), later('a'), hash('md5', 'a')])
type _all = Expect<Equal<typeof all, Promise<[number, number, string]>>>
const mixed = chain(add(1, previous), later(previous))
type _mixed = Expect<Equal<typeof mixed, Task<number>>>
const mapped = map(['a', 'b'], later)
type _mapped = Expect<Equal<typeof mapped, Promise<number[]>>>

const context = thread((n: number, { signal, progress }: ThreadContext) => (progress(0.5), signal.aborted && n), {
  context: true,
})
type _context = Expect<Equal<typeof context, ThreadFunction<[n: number], number | false>>>

const render = (text: string, width: number) => Buffer.from(text.padEnd(width))
const module_ = thread<typeof render>(new URL('file:///a.js'), { name: 'render' })
type _module = Expect<Equal<ReturnType<typeof module_>, Task<Buffer<ArrayBuffer>>>>
const untyped = thread('/a.js')
untyped(1, 'b')
const kept = thread<(n: number, context: ThreadContext) => string>('/a.js', { context: true })
type _kept = Expect<Equal<typeof kept, ThreadFunction<[n: number], string>>>

const moved: ArrayBuffer = transfer(new ArrayBuffer(1))
const closed: Promise<void> = add.close()
const ended: Promise<void> = add.terminate()
void [moved, closed, ended, add[Symbol.asyncDispose]]

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
