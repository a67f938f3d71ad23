// The combinators; heddle exports all of it.

import type {
  BoundedOptions,
  DelayOptions,
  MapOptions,
  ParallelOptions,
  RetryOptions,
  RunOptions,
  SequentialOptions,
  SettledStreamOptions,
  StreamOptions,
  TimeoutOptions,
} from './options.js'
import type { Independent, ItemMaker, Maker, previous, Task } from './task.js'
import type {
  IndependentWork,
  KeyedResults,
  KeyedSettledResults,
  KeyedWork,
  Member,
  Result,
  Results,
  RetryContext,
  RetryOf,
  SettledResults,
  StepList,
  WorkList,
} from './work.js'

/**
 * Runs all the work: Tasks over the cores, functions at once. Starts at the call.
 * Fulfils when all is done, with the results in input order, or under the same
 * keys; rejects with the first failure and cancels the rest. Empty work gives an
 * empty result.
 *
 * A Task that is listed twice runs once, and its result appears twice.
 *
 * Never throws: bad arguments reject with a TypeError or RangeError, and nothing
 * is started.
 */
export declare function parallel<W extends WorkList<W>>(
  work: W,
  options?: ParallelOptions & RetryOf<W>,
): Promise<Results<W>>

/**
 * Runs the steps one after the other. A function takes the result of the step
 * before as its first argument; in a Task {@link previous} stands for it. Tasks
 * that follow each other run on one thread, without a trip through the event
 * loop. Fulfils with all results, in the shape of the work; rejects with the
 * first failure, and later steps never start.
 *
 * Never throws: bad arguments reject with a TypeError or RangeError.
 */
export declare function sequential<W extends StepList<W>>(
  work: W,
  options?: SequentialOptions & RetryOf<W>,
): Promise<Results<W>>

/**
 * Runs the work and settles as the first member to settle does; the others are
 * stopped. Tasks race among those that have a thread. Empty work rejects with a
 * RangeError, since it would never settle.
 *
 * Never throws: bad arguments reject with a TypeError or RangeError.
 */
export declare function race<W extends WorkList<W>>(
  work: W,
  options?: BoundedOptions & RetryOf<W>,
): Promise<Result<Member<W>>>

/**
 * Runs the work and fulfils as the first member to fulfil does; the others are
 * stopped. Rejects with an AggregateError when all have failed, and for empty
 * work; its `errors` are in input order.
 *
 * Never throws: bad arguments reject with a TypeError or RangeError.
 */
export declare function any<W extends WorkList<W>>(
  work: W,
  options?: BoundedOptions & RetryOf<W>,
): Promise<Result<Member<W>>>

/**
 * Runs all the work and fulfils with how each member settled, in the shape of the
 * work. When it is stopped, by `signal` or `timeout`, it fulfils too: what had not
 * settled counts as rejected with the reason.
 *
 * Rejects for bad arguments only, and with what `onProgress` throws or rejects with.
 */
export declare function allSettled<W extends WorkList<W>>(
  work: W,
  options?: BoundedOptions & RetryOf<W>,
): Promise<SettledResults<W>>

/**
 * As {@link parallel}, over the own enumerable properties of any object, symbols
 * included. The results are under the same keys, in an object without prototype:
 * as `Promise.allKeyed`, which is proposed for the language.
 */
export declare function allKeyed<W extends KeyedWork<W>>(
  object: W,
  options?: ParallelOptions & RetryOf<W>,
): Promise<KeyedResults<W>>

/** As {@link allSettled}, over what {@link allKeyed} takes. */
export declare function allSettledKeyed<W extends KeyedWork<W>>(
  object: W,
  options?: BoundedOptions & RetryOf<W>,
): Promise<KeyedSettledResults<W>>

/** What a mapper returns to leave its item out of the results. */
export declare const mapSkip: unique symbol

/**
 * What a mapper returns to end the call with what there is: no more items are pulled,
 * and those that run are stopped and left out.
 */
export declare const mapStop: unique symbol

/** What a mapper's work gives: its result, without {@link mapSkip} and {@link mapStop}. */
export type Mapped<R> = Exclude<Result<R>, typeof mapSkip | typeof mapStop>

/** What makes work of an item. */
export type Mapper<T, R> = (item: T, index: number, context: RetryContext<number>) => R

/**
 * Calls the mapper with each item, and fulfils with the results in the items'
 * order. The mapper may return any work; {@link mapSkip} leaves the item out, and
 * {@link mapStop} ends the call.
 * Promises among the items are awaited first. Items are pulled as there is room:
 * with `concurrency: 2` the third one after a mapper has ended. A function that
 * makes Tasks (of `heddle/tasks`, by `thread()`) is given the item alone.
 *
 * Rejects with the first failure, closes the iterator and stops the rest, unless
 * `stopOnError` is false.
 */
export declare function map<T, R>(
  items: (Iterable<T> & object) | AsyncIterable<T>,
  mapper: Mapper<Awaited<T>, R>,
  options?: MapOptions,
): Promise<Mapped<R>[]>
export declare function map<T, R>(
  items: (Iterable<T> & object) | AsyncIterable<T>,
  mapper: Mapper<Awaited<T>, R> | ItemMaker<Awaited<T>, R>,
  options?: MapOptions,
): Promise<Mapped<R>[]>

/** What {@link stream} iterates over. */
export interface StreamItem<T> {
  /** Of the item. */
  readonly index: number
  /** The mapper's result. */
  readonly value: T
}

/** What {@link stream} iterates over with `stopOnError: false`. */
export type SettledStreamItem<T> =
  | {
      /** Of the item. */
      readonly index: number
      readonly status: 'fulfilled'
      /** The mapper's result. */
      readonly value: T
    }
  | {
      /** Of the item. */
      readonly index: number
      readonly status: 'rejected'
      /** What the mapper failed with. */
      readonly reason: any
    }

/**
 * Calls the mapper with each item, and iterates over the results as they come, or
 * in the items' order with `ordered`. Starts when it is first asked; items are
 * pulled only as results are taken. Throws at the first failure; leaving the loop
 * stops what runs and closes the source. With `stopOnError: false` it goes on after
 * a failure, and gives how each item has settled.
 */
export declare function stream<T, R>(
  items: (Iterable<T> & object) | AsyncIterable<T>,
  mapper: Mapper<Awaited<T>, R>,
  options: SettledStreamOptions,
): AsyncIterableIterator<SettledStreamItem<Mapped<R>>>
export declare function stream<T, R>(
  items: (Iterable<T> & object) | AsyncIterable<T>,
  mapper: Mapper<Awaited<T>, R> | ItemMaker<Awaited<T>, R>,
  options: SettledStreamOptions,
): AsyncIterableIterator<SettledStreamItem<Mapped<R>>>
export declare function stream<T, R>(
  items: (Iterable<T> & object) | AsyncIterable<T>,
  mapper: Mapper<Awaited<T>, R>,
  options?: StreamOptions,
): AsyncIterableIterator<StreamItem<Mapped<R>>>
export declare function stream<T, R>(
  items: (Iterable<T> & object) | AsyncIterable<T>,
  mapper: Mapper<Awaited<T>, R> | ItemMaker<Awaited<T>, R>,
  options?: StreamOptions,
): AsyncIterableIterator<StreamItem<Mapped<R>>>

/**
 * Starts one Task with options; settles as it does. Never throws: bad arguments
 * reject with a TypeError or RangeError.
 */
export declare function run<T>(
  task: Task<T> & Independent,
  options?: RunOptions,
): Promise<T>

/**
 * Calls a function until it fulfils, with growing waits in between. Rejects with
 * the last attempt's error itself. The function gives up by throwing an
 * {@link UnrecoverableError}.
 */
export declare function retry<R>(
  fn: (context: RetryContext<undefined>) => R,
  options?: RetryOptions,
): Promise<Result<R>>

/**
 * Runs one piece of work, and stops it when it takes too long: a function's signal
 * aborts, a Task is cancelled unless others want it, a promise is let go of.
 * Rejects with a {@link TimeoutError} then.
 */
export declare function timeout<
  W extends IndependentWork,
  F = never,
  M extends string | Error | false | undefined = undefined,
>(
  work: W,
  options: number | (TimeoutOptions<F> & { message?: M }),
): Promise<Result<W> | F | (M extends false ? undefined : never)>

/**
 * Fulfils with a value after some time; takes no thread. Never throws: bad
 * arguments reject with a TypeError or RangeError.
 * @param ms 0 to 2147483647
 */
export declare function delay<T = void>(
  ms: number,
  value?: T,
  options?: DelayOptions,
): Promise<Awaited<T>>

/** The last element of a tuple; any element of an array. */
export type Last<S extends readonly unknown[]> = S extends readonly [...unknown[], infer L]
  ? L
  : S[number]

/**
 * One Task of several steps, which run one after the other on one thread. Its
 * result is the last step's; those in between are freed at once and never become
 * JavaScript values. The steps belong to the chain: asked for by anyone else they
 * reject with `ERR_HEDDLE_MISUSE`.
 *
 * Throws a TypeError without steps (hence `never`), for what is no Task, for a
 * Task that has started or is in use, and for {@link previous} in the first step.
 */
export declare function chain<
  const S extends readonly Task[] & { readonly 0?: Task & Independent },
>(...steps: S): S extends readonly [] ? never : Task<Result<Last<S>>>
