// heddle/testing: tasks for tests, demonstrations and benchmarks. Each takes one
// thread; all are interruptible. They fulfil with undefined.

import type { Previous, Task, TaskOf } from './index.js'

/** Does nothing. */
export declare function noop(): Task<void>

/**
 * Holds a thread without using its core.
 * @param ms at least 0; may have a fraction
 */
export declare function sleep<M extends number | Previous>(ms: M): TaskOf<void, [M]>

/**
 * Keeps a core busy.
 * @param ms at least 0; may have a fraction
 */
export declare function spin<M extends number | Previous>(ms: M): TaskOf<void, [M]>
