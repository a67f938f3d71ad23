// heddle/testing: tasks for tests, demonstrations and benchmarks. Each takes one
// thread; all are interruptible. They fulfil with undefined.

import type { Previous, Task } from './index.js'

/** Does nothing. */
export declare function noop(): Task<void>

/**
 * Holds a thread without using its core.
 * @param ms at least 0; may have a fraction
 */
export declare function sleep(ms: number | Previous): Task<void>

/**
 * Keeps a core busy.
 * @param ms at least 0; may have a fraction
 */
export declare function spin(ms: number | Previous): Task<void>
