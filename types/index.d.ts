/// <reference types="node" />
// heddle: promise combinators that own their work. docs/api.md says it at length.

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
 * What combinators run.
 * @typeParam T its result
 */
export type Work<T = unknown> = Task<T>

/** The result of work: `Result<Task<string>>` is `string`. */
export type Result<W> = W extends Task<infer T> ? T : never

/** The results of a tuple, an array or an object of work, in the same shape. */
export type Results<W> = { -readonly [K in keyof W]: Result<W[K]> }

/**
 * A plain object of work, in which `W` finds its own keys. What is iterable,
 * callable or has a key `then` is no such object.
 */
export type WorkObject<W> = { readonly [K in keyof W]: Work } & {
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

/** Options of every combinator. What does not apply, or is unknown, is a TypeError. */
export interface CallOptions {
  /**
   * Stops the call: it rejects at once with `signal.reason` itself, what is
   * queued is withdrawn, and what runs is told to stop.
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
   * A member that runs longer fails with a {@link TimeoutError}.
   */
  itemTimeout?: number | undefined
  /**
   * Settle only when everything that this call started has stopped. `false` by
   * default: the promise rejects at once, and threads stop a moment later.
   */
  join?: boolean | undefined
  /**
   * Any finite number, 0 by default. Of the calls that wait for threads, the
   * highest goes first; those of one priority take turns.
   */
  priority?: number | undefined
  /**
   * Is told how far the call is: every 50 ms at most, and once at the end. What
   * it throws, the call rejects with.
   */
  onProgress?: ((progress: Progress) => void) | undefined
}

/** Options of {@link race}. */
export interface RaceOptions extends CallOptions {
  /**
   * Most members of this call that run at once: an integer of at least 1, or
   * `Infinity`, the default. The number of threads is the limit in any case.
   */
  concurrency?: number | undefined
}

/** Options of {@link parallel}. */
export interface ParallelOptions extends RaceOptions {
  /**
   * `true` by default: the first failure rejects and cancels the rest. With
   * `false` everything runs, and the call then rejects with an AggregateError
   * whose `errors` are in input order.
   */
  stopOnError?: boolean | undefined
}

/** Options of {@link sequential}. */
export interface SequentialOptions extends CallOptions {}

/** Options of {@link run}. */
export interface RunOptions extends CallOptions {}

/**
 * Runs all the work over the cores. Starts at once. Fulfils when all is done,
 * with the results in input order, or under the same keys; rejects with the
 * first failure and cancels the rest. Empty work gives an empty result.
 *
 * A Task that is listed twice runs once, and its result appears twice.
 *
 * Never throws: bad arguments reject with a TypeError or RangeError, and nothing
 * is started. Members' errors have `index`, the position or key.
 */
export declare function parallel<const W extends readonly Work[] | []>(
  work: W,
  options?: ParallelOptions,
): Promise<Results<W>>
export declare function parallel<W extends Work>(
  work: Iterable<W>,
  options?: ParallelOptions,
): Promise<Result<W>[]>
export declare function parallel<W extends WorkObject<W>>(
  work: W,
  options?: ParallelOptions,
): Promise<Results<W>>

/**
 * Runs the steps one after the other; {@link previous} in a step stands for the
 * result of the one before. Steps that follow each other run on one thread,
 * without a trip through the event loop. Fulfils with all results, in the shape
 * of the work; rejects with the first failure, and later steps never start.
 *
 * Never throws: bad arguments reject with a TypeError or RangeError.
 */
export declare function sequential<const W extends readonly Work[] | []>(
  work: W,
  options?: SequentialOptions,
): Promise<Results<W>>
export declare function sequential<W extends Work>(
  work: Iterable<W>,
  options?: SequentialOptions,
): Promise<Result<W>[]>
export declare function sequential<W extends WorkObject<W>>(
  work: W,
  options?: SequentialOptions,
): Promise<Results<W>>

/**
 * Runs the work and settles as the first member to settle does; the others are
 * stopped. It is decided among the members that have a thread. Empty work
 * rejects with a RangeError, since it would never settle.
 *
 * Never throws: bad arguments reject with a TypeError or RangeError.
 */
export declare function race<const W extends readonly Work[] | []>(
  work: W,
  options?: RaceOptions,
): Promise<Result<W[number]>>
export declare function race<W extends Work>(
  work: Iterable<W>,
  options?: RaceOptions,
): Promise<Result<W>>
export declare function race<W extends WorkObject<W>>(
  work: W,
  options?: RaceOptions,
): Promise<Result<W[keyof W]>>

/**
 * Starts one Task with options; settles as it does. Never throws: bad arguments
 * reject with a TypeError or RangeError.
 */
export declare function run<T>(task: Task<T>, options?: RunOptions): Promise<T>

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
}

/**
 * Sets how many tasks run at once in the whole process, all workers included.
 * The default is the number of cores that the process may use, a cgroup's CPU
 * quota considered.
 *
 * @returns the settings in force
 * @throws TypeError or RangeError for a bad or unknown option
 */
export declare function configure(options?: {
  threads?: number | undefined
}): Settings

/** Figures of the tasks of this environment (the main thread, or one worker). */
export interface Stats {
  /** Most tasks that run at once, in the process. */
  threads: number
  /** Slots of libuv's pool that heddle holds now, in the process. */
  poolThreads: number
  /** heddle's own threads that exist now, in the process. */
  ownThreads: number
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
 * of a race. Where a signal or a timeout stopped it, it settles with that reason
 * instead.
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
