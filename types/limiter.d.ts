// Limits across calls; heddle exports all of it.

/** What a limiter bounds: `capacity`, `capacityPerKey`, or starts in an `interval`. */
export interface LimiterOptions {
  /** Weight that may run at once: an integer of at least 1, or `Infinity`, the default where something else bounds it. */
  capacity?: number | undefined
  /** Weight that may run at once of one key, those without a key being of one; `Infinity`. */
  capacityPerKey?: number | undefined
  /** Most that wait: an integer of at least 0, or `Infinity`, the default. Who comes then is refused. */
  maxQueue?: number | undefined
  /**
   * Most bytes of memory and strings among the arguments of Tasks that wait in lists of work;
   * `Infinity`. Who comes then is refused.
   */
  maxQueueBytes?: number | undefined
  /** Milliseconds of the sliding window in which `intervalCapacity` may start: more than 0, to 2147483647. */
  interval?: number | undefined
  /** Weight that may start within any `interval`: an integer of at least 1. */
  intervalCapacity?: number | undefined
}

/** How a token is asked for. */
export interface AcquireOptions {
  /** Whose turn it is: keys of one priority take turns. Compared as a Map does. */
  key?: unknown
  /** What it counts for: an integer of at least 1; 1. */
  weight?: number | undefined
  /** Any finite number, 0 by default. The highest goes first, always: others may wait for ever. */
  priority?: number | undefined
  /** Stops waiting, and rejects with its reason. */
  signal?: AbortSignal | undefined
  /** Milliseconds to wait at most, then a TimeoutError; 0 is not to wait at all. `Infinity` by default. */
  timeout?: number | undefined
}

/** Permission to run, until it is released. */
export interface Token {
  /** Whether it was given back. */
  readonly released: boolean
  /**
   * Aborts when what runs is to stop: the limiter's `close()` has waited long enough, or
   * the signal has aborted that was given to `with()`.
   */
  readonly signal: AbortSignal
  /** Gives it back. Once more does nothing. */
  release(): void
  /** The same: `using token = await limit.acquire()`. */
  [Symbol.dispose](): void
}

/** What calls can ask for tokens, as TC39's Governor. */
export interface Governor {
  acquire(options?: any): PromiseLike<{ release(): void }>
}

/** Figures of a limiter. */
export interface LimiterStats {
  capacity: number
  /** Weight that runs now. */
  active: number
  /** Tokens that are waited for now. */
  waiting: number
  /** Bytes of memory and strings among the arguments of Tasks that wait. */
  waitingBytes: number
  /** Keys that are known now, since somebody of them waits or runs. */
  keys: number
  paused: boolean
  closed: boolean
  /** Tokens given, ever. */
  acquired: number
  /** Tokens refused since the queue was full, ever. */
  rejected: number
  /** Milliseconds that tokens were waited for: of all that were given. */
  waitTime: { mean: number; max: number }
}

/**
 * Bounds what runs across calls, within one thread. Its names are those of TC39's proposal on
 * concurrency control.
 */
export interface Limiter {
  /** Weight that may run at once. May be set at any time: what runs goes on; who waits and is heavier is refused. */
  capacity: number
  /**
   * Fulfils with a token as soon as there is one. Rejects with a HeddleError,
   * `ERR_HEDDLE_QUEUE_FULL` or `ERR_HEDDLE_CLOSED`, a RangeError for a weight that can never
   * run, a TimeoutError, or the signal's reason.
   */
  acquire(options?: AcquireOptions): Promise<Token>
  /**
   * Calls a function with a token, which is released when what it returns has settled. An
   * abort of `signal` rejects at once; the token is held as long as the function runs.
   */
  with<R>(fn: (token: Token) => R, options?: AcquireOptions): Promise<Awaited<R>>
  /** A function that does what the given one does, with a token. */
  wrap<This, Args extends unknown[], R>(
    fn: (this: This, ...args: Args) => R,
    options?: AcquireOptions,
  ): (this: This, ...args: Args) => Promise<Awaited<R>>
  /** Gives no tokens, until `resume()`. */
  pause(): void
  resume(): void
  /** Fulfils when nothing runs and nobody waits. */
  idle(): Promise<void>
  stats(): LimiterStats
  /**
   * Refuses those who come from now on (`ERR_HEDDLE_CLOSED`). Fulfils with true when nothing
   * runs and nobody waits any more; after `timeout` ms refuses those who wait, aborts the
   * signals of tokens, and fulfils with false.
   */
  close(options?: { timeout?: number | undefined }): Promise<boolean>
}

/**
 * Makes a limiter.
 *
 * @throws TypeError or RangeError for a bad or unknown option, or when nothing is bounded
 */
export declare function limiter(options: LimiterOptions): Limiter

/**
 * Ends this thread's work gracefully: closes all limiters, waits until nothing is under way (no
 * Task, and nothing under a limiter; what is under way may make further calls), and ends idle
 * JavaScript threads. Fulfils with true; with false when that took more than `timeout` ms, and
 * the calls that were left have been stopped (`ERR_HEDDLE_CLOSED`).
 */
export declare function shutdown(options?: { timeout?: number | undefined }): Promise<boolean>
