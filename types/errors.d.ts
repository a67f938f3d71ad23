// Errors of heddle's own; heddle exports all of it.

/**
 * What errors of tasks and calls carry, whatever their class: of the system's
 * (`ENOENT`), zlib's (`Z_DATA_ERROR`), crypto's, and heddle's own.
 */
export interface TaskFailure extends Error {
  /** Stable; `ERR_HEDDLE_*` where it is heddle's own. */
  code: string
  /** Position or key of the member that failed, in the list or object of the call. */
  index?: number | string | symbol
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
  index?: number | string | symbol
  /** A number that the task gave with the error. */
  errno?: number
}

/**
 * What a Task settles with that nobody needed any more while it ran, as a loser
 * of a race. Where a signal, a timeout or another member's failure stopped it, it
 * settles with that reason instead. No DOMException, as the platform's of that name is: tell
 * both by `name`, this one by `code`.
 */
export declare class AbortError extends Error implements TaskFailure {
  constructor(message?: string, options?: { cause?: unknown })
  code: 'ERR_HEDDLE_ABORTED'
  /** Position or key of the member. */
  index?: number | string | symbol
}

/**
 * A `timeout` or `itemTimeout` has passed. No DOMException, as that of `AbortSignal.timeout()`
 * is: tell both by `name`, this one by `code`.
 */
export declare class TimeoutError extends Error implements TaskFailure {
  constructor(message?: string)
  code: 'ERR_HEDDLE_TIMEOUT'
  /** Position or key of the member, for an `itemTimeout`. */
  index?: number | string | symbol
}

/**
 * Thrown by a function that is retried: give up. Given an error, the call rejects
 * with that error itself; given words, with this one.
 */
export declare class UnrecoverableError extends Error implements TaskFailure {
  constructor(reason: string | Error)
  code: 'ERR_HEDDLE_UNRECOVERABLE'
}
