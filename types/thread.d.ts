// JavaScript functions on threads; heddle exports all of it.

import type { Transferable, WorkerOptions } from 'node:worker_threads'
import type { Previous, Task } from './index.js'

/** Options of {@link thread}. */
export interface ThreadOptions {
  /** Of a module: the export, `'default'` by default. Of a function: its name in errors. */
  name?: string | undefined
  /** Whether the function gets a {@link ThreadContext} as its last argument. `false` by default. */
  context?: boolean | undefined
  /**
   * Whether a Task may run again when its thread died before the result was
   * sent: three times in all. `false` by default: it rejects with
   * `ERR_HEDDLE_THREAD_LOST`.
   */
  idempotent?: boolean | undefined
  /**
   * Milliseconds that a Task which is no longer wanted may run on after its
   * signal was aborted: 0 to 2147483647, or `Infinity`; 100 by default. Then its
   * thread is ended.
   */
  killAfter?: number | undefined
  /**
   * Milliseconds after which an idle thread ends: 0 to 2147483647, or
   * `Infinity`; 10000 by default.
   */
  idleTimeout?: number | undefined
  /** As of worker_threads. */
  workerData?: unknown
  /** As of worker_threads. */
  env?: WorkerOptions['env']
  /** As of worker_threads. */
  execArgv?: string[] | undefined
  /** As of worker_threads. Memory that overflows can end the process all the same. */
  resourceLimits?: WorkerOptions['resourceLimits']
}

/** What a function gets as its last argument with `context: true`. */
export interface ThreadContext {
  /**
   * Aborts when the result is no longer needed. `aborted` is up to date even
   * while the function keeps its thread busy; the event takes a turn of the loop.
   */
  readonly signal: AbortSignal
  /** Says how far the function is, from 0 to 1, for `onProgress`. */
  progress(fraction: number): void
  /** As {@link transfer}, for the result. */
  transfer<T extends object>(value: T, list?: Iterable<Transferable>): T
}

/**
 * Makes Tasks that run a function on a thread.
 * @typeParam A its arguments
 * @typeParam R what it returns, or a promise of that
 */
export interface ThreadFunction<A extends readonly unknown[] = any[], R = any> {
  /** @throws HeddleError `ERR_HEDDLE_CLOSED` */
  (...args: { [K in keyof A]: A[K] | Previous }): Task<Awaited<R>>
  /**
   * Takes no Tasks any more, and fulfils when all that are under way have ended.
   * Threads that no other function uses have ended by then.
   */
  close(): Promise<void>
  /** Ends all that is under way with `ERR_HEDDLE_CLOSED`, and the threads that run it. */
  terminate(): Promise<void>
  /** As {@link close}. */
  [Symbol.asyncDispose](): Promise<void>
}

type WithoutLast<A extends readonly unknown[]> = A extends [...infer B, any] ? B : A

/**
 * Makes a self-contained function into one that runs on worker threads and
 * returns Tasks. Its source is sent, and runs strict: it can use its arguments, globals, `require`
 * and `import()`, and nothing of its surroundings.
 *
 * @throws TypeError or RangeError for bad arguments
 */
export declare function thread<A extends unknown[], R>(
  source: (...args: [...A, ThreadContext]) => R,
  options: ThreadOptions & { context: true },
): ThreadFunction<A, R>
export declare function thread<A extends unknown[], R>(
  source: (...args: A) => R,
  options?: ThreadOptions & { context?: false | undefined },
): ThreadFunction<A, R>
/**
 * The same of an export of a module, given by its path or file: URL. For types:
 * `thread<typeof import('./work.js').render>(new URL('./work.js', import.meta.url), { name: 'render' })`.
 */
export declare function thread<F extends (...args: any[]) => unknown = (...args: any[]) => any>(
  source: string | URL,
  options: ThreadOptions & { context: true },
): ThreadFunction<WithoutLast<Parameters<F>>, ReturnType<F>>
export declare function thread<F extends (...args: any[]) => unknown = (...args: any[]) => any>(
  source: string | URL,
  options?: ThreadOptions,
): ThreadFunction<Parameters<F>, ReturnType<F>>

/**
 * Marks a whole argument of a thread function: the memory of `list` is moved to
 * the thread and is gone here, instead of being copied. A Task whose thread dies
 * with it cannot run again.
 *
 * @param list ArrayBuffers, MessagePorts and the like; by default the value
 *   itself, or the buffer of a view
 * @returns what stands for the value, only as an argument of a thread function
 * @throws TypeError when the value is no object
 */
export declare function transfer<T extends object>(value: T, list?: Iterable<Transferable>): T
