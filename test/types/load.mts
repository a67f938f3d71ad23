import { include, load, parallel, type Task } from 'heddle'
import type { Equal, Expect } from './expect.js'

// Without more, any task of any arguments.
const tasks = load('/a/library')
const one: Task<any> = tasks.anything!(1, 'two')
void one

// With its functions.
interface Stats {
  mean(values: Float64Array): Task<number>
  histogram(values: Float64Array, options?: { bins?: number }): Task<Uint32Array<ArrayBuffer>>
}
const stats = load<Stats>(new URL('file:///a/library'))
const results = parallel([stats.mean(new Float64Array(1)), stats.histogram(new Float64Array(1))])
type _results = Expect<Equal<typeof results, Promise<[number, Uint32Array<ArrayBuffer>]>>>
type _include = Expect<Equal<typeof include, string>>

// @ts-expect-error a string is no Float64Array
stats.mean('1')
// @ts-expect-error there is no such task
stats.median(new Float64Array(1))
// @ts-expect-error it cannot be replaced
stats.mean = stats.mean
// @ts-expect-error no path
load(1)
// @ts-expect-error functions that return no Tasks
load<{ f(): number }>('/a')
