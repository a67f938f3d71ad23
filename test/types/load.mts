import { include, load, map, parallel, type Task } from 'heddle'
import type { NewArray } from 'heddle/tasks'
import { expectTypeOf } from 'expect-type'

// Without more, any task of any arguments.
const tasks = load('/a/library')
const one: Task<any> = tasks.anything!(1, 'two')
void one

// With its functions.
interface Stats {
  mean(values: Float64Array): Task<number>
  histogram(values: Float64Array, options?: { bins?: number }): Task<NewArray['Uint32Array']>
}
const stats = load<Stats>(new URL('file:///a/library'))
const results = parallel([stats.mean(new Float64Array(1)), stats.histogram(new Float64Array(1))])
expectTypeOf(results).toEqualTypeOf<Promise<[number, NewArray['Uint32Array']]>>()
expectTypeOf(include).toEqualTypeOf<string>()

// As mappers they are given the item alone.
const bins = map([new Float64Array(1)], stats.histogram)
expectTypeOf(bins).toEqualTypeOf<Promise<NewArray['Uint32Array'][]>>()

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
