// heddle/trace: what ran, when and where. docs/trace.md says it at length.

/** How a recording is made. */
export interface TraceOptions {
  /**
   * Members, and calls, that are kept, 100,000 by default; more are counted. An integer from 1 to
   * 16,777,216; for each member 56 bytes of memory are taken at once.
   */
  members?: number | undefined
}

/** A recording that has begun. */
export interface Recording {
  /** Ends it. Later calls give the same Trace. */
  stop(): Trace
  /**
   * Ends it and writes the Trace, at once: it may be called when the process exits.
   *
   * @param file its ending says the form: `.html`, a page for a browser, or `.json`, the trace
   *   event format that Perfetto and chrome://tracing read
   * @returns the file's absolute path
   * @throws HeddleError `ERR_HEDDLE_EXISTS` when it is there and `force` is not given; TypeError
   *   for another ending; the system's error when it cannot be written
   */
  write(file: string, options?: { force?: boolean | undefined }): string
}

/**
 * Records what this environment (the main thread, or one worker) runs, until it is stopped. Several
 * recordings may go on at once. What is under way when one begins or ends is not in it.
 *
 * @throws TypeError or RangeError for a bad or unknown option; HeddleError
 *   (`ERR_HEDDLE_NO_MEMORY`) when there is no memory for as many members
 */
export declare function trace(options?: TraceOptions): Recording

/** What a recording holds. Times are milliseconds since it began, as fractions. */
export interface Trace {
  /** Of this format. */
  version: 1
  /** When it began: milliseconds since 1970. */
  began: number
  /** Milliseconds. */
  duration: number
  /** Version of heddle. */
  heddle: string
  /** Version of Node.js. */
  node: string
  /** As `'linux-x64'`. */
  platform: string
  /** Those in force at the end. */
  settings: { threads: number }
  /** What has run, in the order in which it started. Those of one thread never overlap. */
  members: MemberRecord[]
  /** Members that have run and are not in `members`, since there was no room. */
  missing: number
  /** In the order in which they began. */
  calls: CallRecord[]
  /** Calls that are not in `calls`, since there was no room. */
  missingCalls: number
  /** When the event loop did not go on for 50 ms or more. */
  stalls: { start: number; duration: number }[]
  /** Garbage collections of this thread. */
  collections: { kind: string; start: number; duration: number }[]
  /** Those that have run members, and JavaScript threads that have started or ended. */
  threads: ThreadRecord[]
  /** How many of the threads JavaScript threads had, from when on. */
  lent: { time: number; count: number }[]
}

/** A Task that ran on a thread. */
export interface MemberRecord {
  /** {@link CallRecord.id}; null for a Task that was awaited by itself, or whose call is not known. */
  call: number | null
  /** Its position in the list, or its key; null when it was awaited by itself. */
  key: number | string | null
  /** Name of the task or function. */
  task: string
  /** {@link ThreadRecord.id}. */
  thread: number | null
  /** When it could have started; 0 for what waited already. */
  queued: number
  started: number | null
  ended: number
  /** `expired`: its time was over while it ran. `cancelled`: nobody wanted it any more while it ran. */
  state: 'fulfilled' | 'rejected' | 'cancelled' | 'expired'
}

/** A call of a combinator. */
export interface CallRecord {
  id: number
  /** As `'parallel'`. */
  name: string
  /** Where it was called: `'file:line:column'`; null where that is not known. */
  place: string | null
  began: number
  /** null: it had not settled when the recording ended. */
  ended: number | null
  state: 'running' | 'fulfilled' | 'rejected'
  /** The first line of what it rejected with. */
  error: string | null
  /** Members in its list, as far as that is known. */
  total: number | null
}

/** A thread. */
export interface ThreadRecord {
  id: number
  /** `'pool 1'` of libuv's pool, `'own 2'` of heddle's, `'javascript 1'`. */
  name: string
  kind: 'native' | 'javascript'
  /** null: it was there before, or that is not known. */
  started: number | null
  /** null: it was there at the end, or that is not known. */
  ended: number | null
}
