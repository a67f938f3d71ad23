/// <reference types="node" />
// heddle: promise combinators that own their work. docs/api.md says it at length.

export * from './thread.js'

/**
 * A unit of CPU work that runs on a thread of its own accord only when someone
 * asks for it: a combinator, `run()`, `await` or `.then`. It runs at most once
 * and is shared by all who ask; made by the functions of `heddle/tasks` and by
 * {@link chain}.
 *
 * From the making of a Task until it settles, do not write to, resize or
 * transfer its buffers: a thread reads them.
 *
 * An async function that returns a Task awaits it, as every thenable: return a
 * function that makes the Task, or the Task in an object, to hand it on unstarted.
 *
 * @typeParam T what it fulfils with
 */
export declare class Task<T = unknown> implements Promise<T> {
  #private
  private constructor()

  /** Name of the task, as `'hash'`; of a chain, `'chain'`. */
  get name(): string

  /** `'Task'`. */
  get [Symbol.toStringTag](): 'Task'

  /**
   * Starts the Task, unless it has started, and asks for its result. Tasks that
   * are started so within one turn go down to the threads together.
   *
   * Rejects with `ERR_HEDDLE_MISUSE` when the Task has `previous` in it or is a
   * step of a chain.
   */
  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null | undefined,
    onRejected?: ((reason: any) => B | PromiseLike<B>) | null | undefined,
  ): Promise<A | B>

  /** As a Promise's. Starts the Task, as `then` does. */
  catch<B = never>(
    onRejected?: ((reason: any) => B | PromiseLike<B>) | null | undefined,
  ): Promise<T | B>

  /** As a Promise's. Starts the Task, as `then` does. */
  finally(onSettled?: (() => void) | null | undefined): Promise<T>
}

/**
 * Stands for the result of the step before, as a whole positional argument of a
 * Task: `gzip(previous)`. Such a Task runs in `sequential` or `chain` only, and
 * not as the first step; anywhere else it is a TypeError (`ERR_HEDDLE_MISUSE`).
 * Fields of options objects cannot be `previous`, nor can the path of `writeFile`.
 */
export declare const previous: unique symbol

/** The type of {@link previous}. */
export type Previous = typeof previous

/**
 * The last argument of functions that combinators call. Both are properties of its
 * own where the function declares the parameter, so that a copy has them.
 */
export interface Context<I = number | string> {
  /** Position of the member in the list, key in the object, or index of the item. */
  readonly index: I
  /**
   * Aborts when the result is no longer needed: the call failed elsewhere, was
   * aborted, timed out, or its race was won. Made when it is first looked at.
   */
  readonly signal: AbortSignal
}

/** With the option `retry`, and in `retry()`. */
export interface RetryContext<I = number | string> extends Context<I> {
  /** 1 at first, 2 at the first retry, and so on. */
  readonly attempt: number
}

/** A function as work: called when its turn comes; what it returns is awaited. */
export type WorkFunction = (context: RetryContext) => unknown

/** A function as a step of {@link sequential}: `previous` is the result of the step before. */
export type StepFunction = (previous: any, context: RetryContext) => unknown

/** What is work as it is: Tasks, promises, other thenables, plain values. */
export type WorkValue = object | string | number | bigint | boolean | symbol | null | undefined

/** What combinators run. */
export type Work = WorkFunction | WorkValue

/** What {@link sequential} runs. */
export type Step = StepFunction | WorkValue

/** The result of work: `Result<Task<string>>` is `string`, as is `Result<() => Promise<string>>`. */
export type Result<W> = W extends (...args: any[]) => infer R ? Awaited<R> : Awaited<W>

/** The results of a tuple, an array or an object of work, in the same shape. */
export type Results<W> = { -readonly [K in keyof W]: Result<W[K]> }

/** How the members of a tuple, an array or an object of work have settled. */
export type SettledResults<W> = { -readonly [K in keyof W]: PromiseSettledResult<Result<W[K]>> }

/**
 * A plain object of work, in which `W` finds its own keys. What is iterable,
 * callable or has a key `then` is no such object.
 */
export type WorkObject<W, F = Work> = { readonly [K in keyof W]: F } & {
  readonly then?: never
  readonly [Symbol.iterator]?: never
  readonly [Symbol.hasInstance]?: never
}

/** How far a call is. */
export interface Progress {
  /** Members that have ended, well or not. */
  done: number
  /** Members of the call. */
  total: number
  /** Of `done`, those that failed. */
  failed: number
  /** From 0 to 1: `done` and what running members report, over `total`. */
  fraction: number
}

/** How far a {@link map} or {@link stream} is, which may not know how many items there are. */
export interface PulledProgress extends Omit<Progress, 'total' | 'fraction'> {
  /** Items; undefined until an iterator has ended that is not of an Array, Set or Map. */
  total: number | undefined
  /** Undefined with `total`. */
  fraction: number | undefined
}

/** Options of every combinator. What does not apply, or is unknown, is a TypeError. */
export interface CallOptions {
  /**
   * Stops the call: it rejects at once with `signal.reason` itself (an AbortError
   * where that is undefined), what is queued is withdrawn, and what runs is told to
   * stop. What cannot be listened to is a TypeError.
   */
  signal?: AbortSignal | undefined
  /**
   * Milliseconds that the whole call may take, from the call: 0 to 2147483647,
   * or `Infinity`, the default. Then it rejects with a {@link TimeoutError}.
   */
  timeout?: number | undefined
  /**
   * Milliseconds that each member may run, from when it starts, not from when it
   * was queued: more than 0, at most 2147483647; `Infinity`, the default, means no limit.
   * A member that runs longer fails with a {@link TimeoutError}; a function's
   * signal aborts. Promises are not timed: they were started elsewhere. Tasks go by
   * real time, functions by the `setTimeout` that is current at the call.
   */
  itemTimeout?: number | undefined
  /**
   * Settle only when everything that this call started has stopped. `false` by
   * default: the promise rejects at once, and threads stop a moment later.
   */
  join?: boolean | undefined
  /**
   * Copy the buffers that native Tasks read before they start, whatever their size: then
   * they may be transferred. `false` by default. Shared memory is never copied.
   */
  copy?: boolean | undefined
  /**
   * Any finite number, 0 by default. Of the calls that wait for threads, the
   * highest goes first; those of one priority take turns.
   */
  priority?: number | undefined
  /**
   * Is told how far the call is: every 50 ms at most, and once at the end. What
   * it throws, or a promise that it returns rejects with, the call rejects with.
   * The call waits for such promises before it settles, unless `signal` or
   * `timeout` ends it.
   */
  onProgress?: ((progress: Progress) => unknown) | undefined
}

/** What {@link RetryPolicy}'s functions are told of an attempt that failed. */
export interface FailedAttempt {
  /** What it threw or rejected with. */
  readonly error: any
  /** 1 for the first attempt. */
  readonly attemptNumber: number
  /** Retries that may still follow. */
  readonly retriesLeft: number
  /** Retries before this attempt's failure. */
  readonly retriesConsumed: number
}

/**
 * How a function is called again when it fails. The wait before a retry is
 * `minTimeout * factor ** retriesConsumed` ms.
 */
export interface RetryPolicy {
  /** Most retries after the first attempt: an integer of at least 0, or `Infinity`; 10. */
  retries?: number | undefined
  /** Growth of the wait; 2. */
  factor?: number | undefined
  /** Milliseconds before the first retry; 1000. */
  minTimeout?: number | undefined
  /** Most milliseconds between two attempts; `Infinity`. */
  maxTimeout?: number | undefined
  /**
   * Milliseconds from the first attempt on after which none follows; `Infinity`.
   * Waits count as they were asked for.
   */
  maxRetryTime?: number | undefined
  /** Multiply each wait by a random number from 1 to 2; false. */
  randomize?: boolean | undefined
  /**
   * Whether to try again; always, by default. Awaited. What it throws ends the
   * retries: the member fails with that.
   */
  shouldRetry?: ((failure: FailedAttempt) => unknown) | undefined
  /**
   * Is told of each attempt that failed, and awaited. What it throws ends the
   * retries: the member fails with that.
   */
  onFailedAttempt?: ((failure: FailedAttempt) => unknown) | undefined
  /** Do not keep the process alive for a wait; false. No effect on timers that are numbers. */
  unref?: boolean | undefined
}

/** Options of combinators whose functions may be called again. */
export interface RetriedOptions extends CallOptions {
  /**
   * Calls functions again that fail: a number of retries, or how. A Task runs
   * once: in a list with `retry` it is a TypeError (a function may return one).
   */
  retry?: number | RetryPolicy | undefined
}

/** Options of {@link sequential}. */
export interface SequentialOptions extends RetriedOptions {}

/** Options of {@link race}, {@link any} and {@link allSettled}. */
export interface BoundedOptions extends RetriedOptions {
  /**
   * Most members of this call that are under way at once: an integer of at least
   * 1, or `Infinity`, the default. Of Tasks no more run than there are threads.
   */
  concurrency?: number | undefined
}

/** Options of {@link parallel}. */
export interface ParallelOptions extends BoundedOptions {
  /**
   * `true` by default: the first failure rejects and cancels the rest. With
   * `false` everything runs, and the call then rejects with an AggregateError
   * whose `errors` are in input order.
   */
  stopOnError?: boolean | undefined
}

/** Options of {@link map}. */
export interface MapOptions extends Omit<ParallelOptions, 'onProgress'> {
  /** As of other calls; the number of items may be unknown. */
  onProgress?: ((progress: PulledProgress) => unknown) | undefined
}

/** Options of {@link stream}. */
export interface StreamOptions extends Omit<RetriedOptions, 'onProgress'> {
  /** As of other calls; the number of items may be unknown. */
  onProgress?: ((progress: PulledProgress) => unknown) | undefined
  /** Most items under way at once; by default the number of threads. */
  concurrency?: number | undefined
  /** Most items under way and results not taken yet, together; by default as `concurrency`. */
  backpressure?: number | undefined
  /** `true`: results in the items' order. `false`, the default: as they come. */
  ordered?: boolean | undefined
}

/** Options of {@link run}. */
export interface RunOptions extends CallOptions {}

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
export declare function parallel<const W extends readonly Work[] | []>(
  work: W,
  options?: ParallelOptions,
): Promise<Results<W>>
export declare function parallel<W extends Work>(
  work: Iterable<W> & object,
  options?: ParallelOptions,
): Promise<Result<W>[]>
export declare function parallel<W extends WorkObject<W>>(
  work: W,
  options?: ParallelOptions,
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
export declare function sequential<const W extends readonly Step[] | []>(
  work: W,
  options?: SequentialOptions,
): Promise<Results<W>>
export declare function sequential<W extends Step>(
  work: Iterable<W> & object,
  options?: SequentialOptions,
): Promise<Result<W>[]>
export declare function sequential<W extends WorkObject<W, Step>>(
  work: W,
  options?: SequentialOptions,
): Promise<Results<W>>

/**
 * Runs the work and settles as the first member to settle does; the others are
 * stopped. Tasks race among those that have a thread. Empty work rejects with a
 * RangeError, since it would never settle.
 *
 * Never throws: bad arguments reject with a TypeError or RangeError.
 */
export declare function race<const W extends readonly Work[] | []>(
  work: W,
  options?: BoundedOptions,
): Promise<Result<W[number]>>
export declare function race<W extends Work>(
  work: Iterable<W> & object,
  options?: BoundedOptions,
): Promise<Result<W>>
export declare function race<W extends WorkObject<W>>(
  work: W,
  options?: BoundedOptions,
): Promise<Result<W[keyof W]>>

/**
 * Runs the work and fulfils as the first member to fulfil does; the others are
 * stopped. Rejects with an AggregateError when all have failed, and for empty
 * work; its `errors` are in input order.
 *
 * Never throws: bad arguments reject with a TypeError or RangeError.
 */
export declare function any<const W extends readonly Work[] | []>(
  work: W,
  options?: BoundedOptions,
): Promise<Result<W[number]>>
export declare function any<W extends Work>(
  work: Iterable<W> & object,
  options?: BoundedOptions,
): Promise<Result<W>>
export declare function any<W extends WorkObject<W>>(
  work: W,
  options?: BoundedOptions,
): Promise<Result<W[keyof W]>>

/**
 * Runs all the work and fulfils with how each member settled, in the shape of the
 * work. When it is stopped, by `signal` or `timeout`, it fulfils too: what had not
 * settled counts as rejected with the reason.
 *
 * Rejects for bad arguments only, and with what `onProgress` throws or rejects with.
 */
export declare function allSettled<const W extends readonly Work[] | []>(
  work: W,
  options?: BoundedOptions,
): Promise<SettledResults<W>>
export declare function allSettled<W extends Work>(
  work: Iterable<W> & object,
  options?: BoundedOptions,
): Promise<PromiseSettledResult<Result<W>>[]>
export declare function allSettled<W extends WorkObject<W>>(
  work: W,
  options?: BoundedOptions,
): Promise<SettledResults<W>>

/** What a mapper returns to leave its item out of the results. */
export declare const mapSkip: unique symbol

/** What a mapper's work gives: its result, without {@link mapSkip}. */
export type Mapped<R> = Exclude<Result<R>, typeof mapSkip>

/**
 * Calls the mapper with each item, and fulfils with the results in the items'
 * order. The mapper may return any work; {@link mapSkip} leaves the item out.
 * Promises among the items are awaited first. Items are pulled as there is room:
 * with `concurrency: 2` the third one after a mapper has ended. A function that
 * makes Tasks (of `heddle/tasks`) is given the item alone.
 *
 * Rejects with the first failure, closes the iterator and stops the rest, unless
 * `stopOnError` is false.
 */
export declare function map<T, R>(
  items: (Iterable<T> & object) | AsyncIterable<T>,
  mapper: (item: Awaited<T>, index: number, context: RetryContext<number>) => R,
  options?: MapOptions,
): Promise<Mapped<R>[]>

/** What {@link stream} iterates over. */
export interface StreamItem<T> {
  /** Of the item. */
  readonly index: number
  /** The mapper's result. */
  readonly value: T
}

/**
 * Calls the mapper with each item, and iterates over the results as they come, or
 * in the items' order with `ordered`. Starts when it is first asked; items are
 * pulled only as results are taken. Throws at the first failure; leaving the loop
 * stops what runs and closes the source.
 */
export declare function stream<T, R>(
  items: (Iterable<T> & object) | AsyncIterable<T>,
  mapper: (item: Awaited<T>, index: number, context: RetryContext<number>) => R,
  options?: StreamOptions,
): AsyncIterableIterator<StreamItem<Mapped<R>>>

/**
 * Starts one Task with options; settles as it does. Never throws: bad arguments
 * reject with a TypeError or RangeError.
 */
export declare function run<T>(task: Task<T>, options?: RunOptions): Promise<T>

/** Options of {@link retry}. */
export interface RetryOptions extends RetryPolicy {
  /** Stops the attempts: rejects at once with `signal.reason` itself. */
  signal?: AbortSignal | undefined
  /** Milliseconds that all of it may take. */
  timeout?: number | undefined
  /** Milliseconds that each attempt may take. */
  itemTimeout?: number | undefined
  /** Settle only when an attempt that was stopped has ended. */
  join?: boolean | undefined
  /** Of Tasks that the function returns. */
  priority?: number | undefined
}

/**
 * Calls a function until it fulfils, with growing waits in between. Rejects with
 * the last attempt's error itself. The function gives up by throwing an
 * {@link UnrecoverableError}.
 */
export declare function retry<R>(
  fn: (context: RetryContext<undefined>) => R,
  options?: RetryOptions,
): Promise<Result<R>>

/** Options of {@link timeout}. */
export interface TimeoutOptions<F = never> {
  /** Milliseconds that the work may take, or `Infinity`. */
  milliseconds: number
  /** Words of the TimeoutError; another error; or `false`: fulfil with undefined. */
  message?: string | Error | false | undefined
  /** Called when the time is up; its result or failure is the call's. May return a promise. */
  fallback?: (() => F | PromiseLike<F>) | undefined
  /** Stops the work: rejects at once with `signal.reason` itself. */
  signal?: AbortSignal | undefined
  /** Settle only when work that was stopped has ended. */
  join?: boolean | undefined
  /** Of a Task. */
  priority?: number | undefined
}

/**
 * Runs one piece of work, and stops it when it takes too long: a function's signal
 * aborts, a Task is cancelled unless others want it, a promise is let go of.
 * Rejects with a {@link TimeoutError} then.
 */
export declare function timeout<const W extends Work>(
  work: W,
  milliseconds: number,
): Promise<Result<W>>
export declare function timeout<const W extends Work, F = never>(
  work: W,
  options: TimeoutOptions<F> & { message: false },
): Promise<Result<W> | F | undefined>
export declare function timeout<const W extends Work, F = never>(
  work: W,
  options: TimeoutOptions<F>,
): Promise<Result<W> | F>

/** Options of {@link delay}. */
export interface DelayOptions {
  /** Ends the wait: rejects at once with `signal.reason` itself. */
  signal?: AbortSignal | undefined
  /** Do not keep the process alive for it; false. No effect on timers that are numbers. */
  unref?: boolean | undefined
}

/**
 * Fulfils with a value after some time; takes no thread. Never throws: bad
 * arguments reject with a TypeError or RangeError.
 * @param ms 0 to 2147483647
 */
export declare function delay(ms: number): Promise<void>
export declare function delay<T>(ms: number, value: T, options?: DelayOptions): Promise<Awaited<T>>

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
export declare function chain<const S extends readonly Task[]>(
  ...steps: S
): S extends readonly [] ? never : Task<Result<Last<S>>>

/** Settings of the whole process. */
export interface Settings {
  /** Most tasks that run at once: an integer from 1 to 1024. */
  threads: number
  /** How much below the process's the priority of threads is: an integer from 0 to 19. */
  niceIncrement: number
}

/**
 * Sets how many tasks run at once in the whole process, all workers included,
 * and how much their threads give way to others. `threads` is by default the
 * number of cores that the process may use, a cgroup's CPU quota considered;
 * `niceIncrement` 0.
 *
 * @returns the settings in force
 * @throws TypeError or RangeError for a bad or unknown option; HeddleError
 * (ERR_HEDDLE_UNAVAILABLE) where threads cannot have a priority of their own
 */
export declare function configure(options?: {
  threads?: number | undefined
  niceIncrement?: number | undefined
}): Settings

/** Figures of the tasks of this environment (the main thread, or one worker). */
export interface Stats {
  /** Most tasks that run at once, in the process. */
  threads: number
  /** Slots of libuv's pool that heddle holds now, in the process. */
  poolThreads: number
  /** heddle's own threads that exist now, in the process. */
  ownThreads: number
  /** Of `threads`, those that JavaScript threads have while they are busy, in the process. */
  lentThreads: number
  /** JavaScript threads of this environment that exist now. */
  jsThreads: number
  /** Tasks that wait for a thread now. */
  queued: number
  /** Threads that run tasks of this environment now. */
  running: number
  /** Tasks that have fulfilled, ever. */
  completed: number
  /** Tasks that have failed, timed out ones included, ever. */
  failed: number
  /** Tasks that were cancelled, queued or running, ever. */
  cancelled: number
  /** Milliseconds that tasks waited for a thread, summed. */
  waitTime: number
  /** Milliseconds that tasks ran, summed. */
  runTime: number
}

/** Figures since the environment began. A chain counts as one task. */
export declare function stats(): Stats

/** A library's tasks: a function each. */
export type Tasks = Record<string, (...args: any[]) => Task<any>>

/**
 * Loads a shared library of tasks in C or C++, written against heddle.h. The
 * library stays loaded until the process ends, and all its environments share it.
 * The same library gives the same object.
 *
 * @typeParam T the library's functions, where they are known:
 *   `load<{ mean(values: Float64Array): Task<number> }>(path)`
 * @param path absolute, or a `file:` URL
 * @throws TypeError when it is no path; {@link HeddleError} when the library cannot
 *   be loaded, with a code for each reason; the system's error when the file cannot be read
 */
export declare function load<T extends { [K in keyof T]: (...args: any[]) => Task<any> } = Tasks>(
  path: string | URL,
): Readonly<T>

/** Absolute path of the folder of heddle.h, for compilers. */
export declare const include: string

/**
 * What errors of tasks and calls carry, whatever their class: of the system's
 * (`ENOENT`), zlib's (`Z_DATA_ERROR`), crypto's, and heddle's own.
 */
export interface TaskFailure extends Error {
  /** Stable; `ERR_HEDDLE_*` where it is heddle's own. */
  code: string
  /** Position or key of the member that failed, in the list or object of the call. */
  index?: number | string
  /** Of the system's errors libuv's number, of zlib's zlib's. */
  errno?: number
  /** Of the system's errors: the call that failed, as `'open'`. */
  syscall?: string
  /** Of the system's errors: the file. */
  path?: string
}

/** An error of heddle's own, or of a task. */
export declare class HeddleError extends Error implements TaskFailure {
  /** @param code `ERR_HEDDLE_*`, or the task's own */
  constructor(code: string, message: string, options?: { cause?: unknown })
  /** Stable; the list is in docs/api.md. */
  code: string
  /** Position or key of the member that failed. */
  index?: number | string
  /** A number that the task gave with the error. */
  errno?: number
}

/**
 * What a Task settles with that nobody needed any more while it ran, as a loser
 * of a race. Where a signal, a timeout or another member's failure stopped it, it
 * settles with that reason instead.
 */
export declare class AbortError extends Error implements TaskFailure {
  constructor(message?: string, options?: { cause?: unknown })
  code: 'ERR_HEDDLE_ABORTED'
  /** Position or key of the member. */
  index?: number | string
}

/** A `timeout` or `itemTimeout` has passed. */
export declare class TimeoutError extends Error implements TaskFailure {
  constructor(message?: string)
  code: 'ERR_HEDDLE_TIMEOUT'
  /** Position or key of the member, for an `itemTimeout`. */
  index?: number | string
}

/**
 * Thrown by a function that is retried: give up. Given an error, the call rejects
 * with that error itself; given words, with this one.
 */
export declare class UnrecoverableError extends Error implements TaskFailure {
  constructor(reason: string | Error)
  code: 'ERR_HEDDLE_UNRECOVERABLE'
}
