// JavaScript functions on threads; heddle exports all of it.

import type { Transferable, WorkerOptions } from 'node:worker_threads'
import type { DependentTask, MakerBrand, Previous, Task } from './task.js'

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

type IsAny<T> = 0 extends 1 & T ? true : false
type ParametersOf<F> = F extends (...args: infer A) => unknown ? A : any[]
type ResultOf<F> = F extends (...args: any[]) => infer R ? R : any

/** A new array of bytes, which is no Buffer. */
export type NewBytes = ReturnType<Uint8ArrayConstructor['of']>

type Plain = string | number | bigint | boolean | symbol | null | undefined | Function

/** Whether a Buffer is in it, down to three levels. */
type HasBuffer<T, Level extends 0[] = []> = 0 extends 1 & T
  ? false
  : Level['length'] extends 4
    ? false
    : T extends Plain
      ? false
      : T extends Buffer
        ? true
        : T extends ArrayBuffer | SharedArrayBuffer | NodeJS.ArrayBufferView | Date | RegExp | Error
          ? false
          : T extends ReadonlyMap<infer K, infer V>
            ? HasBuffer<K | V, [...Level, 0]>
            : T extends ReadonlySet<infer V> | readonly (infer V)[]
              ? HasBuffer<V, [...Level, 0]>
              : { [K in keyof T]-?: HasBuffer<T[K], [...Level, 0]> }[keyof T]

/** What arrives on the other side: a Uint8Array of a Buffer, also where it is in something. */
export type Sent<T> = true extends HasBuffer<T>
  ? T extends Plain
    ? T
    : T extends Buffer
      ? NewBytes
      : T extends Map<infer K, infer V>
        ? Map<Sent<K>, Sent<V>>
        : T extends Set<infer V>
          ? Set<Sent<V>>
          : { [K in keyof T]: Sent<T[K]> }
  : T

type IsContext<T> =
  IsAny<T> extends true ? false : [ThreadContext, T] extends [T, ThreadContext] ? true : false
type TakesContext<F> = [IsAny<F>, ParametersOf<F>] extends [false, readonly [...any[], infer L]]
  ? IsContext<L>
  : false
// The context comes behind the arguments: with one, all are to be given.
type WithoutContext<A extends readonly unknown[]> =
  Required<A> extends readonly [...infer B, infer L] ? (ThreadContext extends L ? B : A) : A

/**
 * What is wrong with a function, in words: none that needs an argument fits. One of which
 * a caller's type parameters leave this open does.
 */
export type Misfit<Words extends string> = Words | (() => unknown)

type WrongOf<F> =
  IsAny<F> extends true
    ? never
    : [F] extends [abstract new (...args: any[]) => unknown]
      ? 'a class cannot be sent to a thread'
      : true extends { [K in keyof ParametersOf<F>]: HasBuffer<ParametersOf<F>[K]> }[number]
        ? 'a Buffer arrives on the thread as a Uint8Array: let the parameter be one'
        : never

/** What a function must be besides: something that can be sent. */
export type Sendable<F> = [WrongOf<F>] extends [never] ? unknown : Misfit<WrongOf<F>>

// Each parameter that has no type of its own is the context.
type LastIsContext<P1, P2, P3, P4, P5, P6> = (
  a: P1,
  b: P2,
  c: P3,
  d: P4,
  e: P5,
  f: P6,
  ...more: any[]
) => unknown

/** What a function must be besides where no {@link ThreadContext} comes. */
export type ContextFree<F> =
  TakesContext<F> extends true
    ? Misfit<'a ThreadContext comes with the option { context: true } only'>
    : unknown

/**
 * Makes Tasks that run a function on a thread.
 * @typeParam A its arguments
 * @typeParam R what it returns, or a promise of that
 */
export interface ThreadFunction<A extends readonly unknown[] = any[], R = any>
  extends MakerBrand<(...args: A) => Task<Sent<Awaited<R>>>> {
  /** @throws HeddleError `ERR_HEDDLE_CLOSED` */
  (...args: A): Task<Sent<Awaited<R>>>
  (...args: { [K in keyof A]: A[K] | Previous }): DependentTask<Sent<Awaited<R>>>
  // Again, since ReturnType, Parameters and errors go by the last one.
  (...args: A): Task<Sent<Awaited<R>>>
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

/**
 * Makes a self-contained function, or an export of a module, into a function that runs it on
 * worker threads and returns Tasks. Of a function the source is sent, and runs strict: it can
 * use its arguments, globals, `require` and `import()`, and nothing of its surroundings. A module
 * is given by its path or file: URL; for types:
 * `thread<typeof import('./work.js').render>(new URL('./work.js', import.meta.url), { name: 'render' })`.
 *
 * With `context: true` the last parameter is a {@link ThreadContext}, and all before it are to be
 * given. Buffers arrive as Uint8Arrays, here and there.
 *
 * @throws TypeError or RangeError for bad arguments
 */
export declare function thread<F extends Function = Function>(
  source: string | URL | (F & Sendable<F> & ContextFree<F>),
  options?: ThreadOptions & { context?: false | undefined },
): ThreadFunction<ParametersOf<F>, ResultOf<F>>
export declare function thread<F extends Function = Function>(
  source: string | URL,
  options: ThreadOptions & { context: true },
): ThreadFunction<WithoutContext<ParametersOf<F>>, ResultOf<F>>
export declare function thread<F extends Function = Function>(
  source: string | URL,
  options: ThreadOptions,
): ThreadFunction<ParametersOf<F>, ResultOf<F>>
// The last one: what is wrong with options is told by it, whatever the source is.
export declare function thread<
  F extends Function = Function,
  P1 = ThreadContext,
  P2 = ThreadContext,
  P3 = ThreadContext,
  P4 = ThreadContext,
  P5 = ThreadContext,
  P6 = ThreadContext,
>(
  source: string | URL | (F & Sendable<F> & LastIsContext<P1, P2, P3, P4, P5, P6>),
  options: ThreadOptions & { context: true },
): ThreadFunction<WithoutContext<ParametersOf<F>>, ResultOf<F>>

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

export {}
