// heddle/remote: the same Tasks on other machines. docs/remote.md says it at length.

import type { DependentTask, MakerBrand, Previous, Task } from './task.js'

/** How Redis is reached: ioredis' options (password, tls, path, sentinels and so on), or a URL. */
export type RedisConnection = string | object

/** What is served by a name: a maker of Tasks. */
export type Served = (...args: any[]) => Task<any>

/** Options of {@link serve}. */
export interface ServeOptions {
  /** The queue's name, without colons and braces. */
  queue: string
  connection: RedisConnection
  /** Batches that are worked on at once, 1 to 4096; twice the number of threads by default. */
  concurrency?: number | undefined
  /** Milliseconds after which a worker counts as gone that said nothing, from 1000; 30000. */
  lockDuration?: number | undefined
  /** Bytes that one result may take, and a quarter more those of a batch's arguments, from 1024; 64e6. */
  maxBytes?: number | undefined
  /** A folder: makers that take paths of this machine are served, and their paths confined to it. */
  files?: string | undefined
  /** Gets a line for what happens. */
  log?: ((line: string) => void) | undefined
}

/** What {@link serve} gives. */
export interface Server {
  /**
   * Takes no more, and fulfils when what runs has ended. What runs after `timeout`
   * milliseconds (`Infinity` by default) is stopped, and its callers are told that it is lost.
   */
  close(options?: { timeout?: number | undefined }): Promise<void>
  /** As {@link close}. */
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Runs the given makers of Tasks, and nothing else, for those who connect to the queue.
 * Whoever can write to the queue in Redis can call them.
 *
 * @param makers by the names under which they are called: own properties of an object
 * @throws TypeError or RangeError for bad arguments; HeddleError (`ERR_HEDDLE_MISSING_PEER`)
 *   without bullmq and ioredis
 */
export declare function serve(makers: { [name: string]: Served }, options: ServeOptions): Server

/** Options of {@link connect}. */
export interface ConnectOptions {
  /** The queue's name, without colons and braces. */
  queue: string
  connection: RedisConnection
  /**
   * Members in one job, 1 to 4096. `'auto'`, the default: as many as take about 5 ms on a
   * worker, up to 40 ms while many wait. Calls that decide by one member, or run one after the other, send one at a time.
   */
  batch?: number | 'auto' | undefined
  /** Members that are out at once, 1 to 1000000; 4096. */
  window?: number | undefined
  /** Bytes of arguments that are out at once, and that one member may take, from 1024; 64e6. */
  maxBytes?: number | undefined
  /** Milliseconds without Redis, or without any worker, after which what is out rejects; 30000. */
  waitTimeout?: number | undefined
  /** Milliseconds after which workers drop what a caller wants that said nothing, from 1000; 30000. */
  lease?: number | undefined
}

/** Options of a remote maker. */
export interface RemoteOptions {
  /**
   * Whether a Task may run again when its worker was lost. `false` by default: it rejects
   * with `ERR_HEDDLE_REMOTE_LOST`.
   */
  idempotent?: boolean | undefined
}

type ParametersOf<F> = F extends (...args: infer A) => unknown ? A : any[]
type ResultOf<F> = F extends (...args: any[]) => infer R ? R : any

/**
 * Makes Tasks that run on a machine which serves the name.
 * @typeParam A their arguments
 * @typeParam R what the maker there returns
 */
export interface RemoteFunction<A extends readonly unknown[] = any[], R = any>
  extends MakerBrand<(...args: A) => Task<Awaited<R>>> {
  /** @throws HeddleError `ERR_HEDDLE_CLOSED` */
  (...args: A): Task<Awaited<R>>
  (...args: { [K in keyof A]: A[K] | Previous }): DependentTask<Awaited<R>>
  // Again, since ReturnType, Parameters and errors go by the last one.
  (...args: A): Task<Awaited<R>>
}

/** A connection: gives makers by the names under which they are served. */
export interface Remote {
  /**
   * A maker for every combinator, as `thread()` gives. For types:
   * `remote<typeof import('./tasks.js').render>('render')`.
   *
   * Its Tasks reject with what was thrown there, or with a HeddleError:
   * `ERR_HEDDLE_REMOTE_UNSERVED`, `ERR_HEDDLE_REMOTE_LOST`, `ERR_HEDDLE_REMOTE_SIZE`,
   * `ERR_HEDDLE_REMOTE_WIRE`, `ERR_HEDDLE_CLOSED`.
   */
  <F extends Function = Function>(
    name: string,
    options?: RemoteOptions,
  ): RemoteFunction<ParametersOf<F>, ResultOf<F>>
  /** Rejects what is out (`ERR_HEDDLE_CLOSED`), and leaves nothing in Redis. */
  close(): Promise<void>
  /** As {@link close}. */
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Connects to a queue that workers serve.
 *
 * @throws TypeError or RangeError for bad options; HeddleError (`ERR_HEDDLE_MISSING_PEER`)
 *   without bullmq and ioredis
 */
export declare function connect(options: ConnectOptions): Remote
