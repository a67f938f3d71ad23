/// <reference types="node" />
// heddle: promise combinators that own their work. docs/api.md says it at length.

import type { HeddleError } from './errors.js'
import type { Maker, Task } from './task.js'

export * from './task.js'
export * from './work.js'
export * from './options.js'
export * from './combinators.js'
export * from './thread.js'
export * from './limiter.js'
export * from './errors.js'

/** Settings of the whole process. */
export interface Settings {
  /** Most tasks that run at once: an integer from 1 to 1024. */
  threads: number
  /** How much below the process's the priority of threads is: an integer from 0 to 19. */
  niceIncrement: number
  /** Whether this environment keeps times by task and by thread, for {@link stats}. */
  histograms: boolean
}

/**
 * Sets how many tasks run at once in the whole process, all workers included,
 * and how much their threads give way to others. `threads` is by default the
 * number of cores that the process may use, a cgroup's CPU quota considered;
 * `niceIncrement` 0. `histograms` is of this environment (the main thread, or one
 * worker) alone, and false.
 *
 * @returns the settings in force
 * @throws TypeError or RangeError for a bad or unknown option; HeddleError
 * (ERR_HEDDLE_UNAVAILABLE) where threads cannot have a priority of their own
 */
export declare function configure(options?: {
  threads?: number | undefined
  niceIncrement?: number | undefined
  histograms?: boolean | undefined
}): Settings

/** Times in milliseconds, counted in buckets of equal relative width, 16 to each power of two. */
export interface Times {
  count: number
  sum: number
  /** Percentiles, as the middle of their bucket: wrong by 3 % at most. */
  p50: number
  p95: number
  p99: number
  max: number
  /** Those that have something: of times from `from`, and below `below`. */
  buckets: { from: number; below: number; count: number }[]
}

/** What Tasks of one name came to, and took. */
export interface TaskStats {
  completed: number
  /** Rejected; without those whose time was over. */
  failed: number
  /** Stopped while they ran. */
  cancelled: number
  /** Their time was over while they ran. */
  expired: number
  /** From when they could have started until they did. */
  wait: Times
  run: Times
}

/** What a thread did for this environment. */
export interface ThreadStats {
  /** `'pool 1'` of libuv's pool, `'own 2'` of heddle's, `'javascript 1'`. */
  thread: string
  /** Milliseconds for which it ran Tasks. */
  busy: number
  /** The same as a part of the time, from 0 to 1. */
  utilization: number
  /** Bytes of a JavaScript thread's heap in use, as last heard. */
  heapUsed?: number
  /** Milliseconds of CPU time of a JavaScript thread, as last heard; where Node.js tells it. */
  cpuTime?: number
}

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
  /** Built-in tasks that went to JavaScript threads, since the runtime lacks their library, ever. */
  fallbacks: number
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
  /**
   * Times of Tasks that have run, by their name, since `configure({ histograms: true })` or since
   * a recording began. As `perThread` and `utilization` it is there while times are kept.
   */
  tasks?: Record<string, TaskStats>
  /** Threads that have run Tasks, and JavaScript threads that exist. */
  perThread?: ThreadStats[]
  /** Of `threads` the part that was busy, from 0 to 1. */
  utilization?: number
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
): { readonly [K in keyof T]: Maker<T[K]> }

/** Absolute path of the folder of heddle.h, for compilers. */
export declare const include: string
