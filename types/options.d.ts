// The options of combinators; heddle exports all of it.

import type { Governor } from './limiter.js'

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
   * Most members of this call under way at once, or a limiter that bounds them together
   * with those of other calls: a token is held until what runs has really ended.
   */
  concurrency?: number | Governor | undefined
  /** With a limiter: whose turn it is. */
  key?: unknown
  /** With a limiter: what each member counts for; 1. */
  weight?: number | undefined
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
  concurrency?: number | Governor | undefined
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
  concurrency?: number | Governor | undefined
  /** Most items under way and results not taken yet, together; by default as `concurrency`. */
  backpressure?: number | undefined
  /** `true`: results in the items' order. `false`, the default: as they come. */
  ordered?: boolean | undefined
  /** `true`, the default: the first failure ends it, and is thrown. */
  stopOnError?: true | undefined
}

/** Options of a {@link stream} that goes on after failures, and gives how each item has settled. */
export interface SettledStreamOptions extends Omit<StreamOptions, 'stopOnError'> {
  stopOnError: false
}

/** Options of {@link run}. */
export interface RunOptions extends CallOptions {}

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

/** Options of {@link delay}. */
export interface DelayOptions {
  /** Ends the wait: rejects at once with `signal.reason` itself. */
  signal?: AbortSignal | undefined
  /** Do not keep the process alive for it; false. No effect on timers that are numbers. */
  unref?: boolean | undefined
}
