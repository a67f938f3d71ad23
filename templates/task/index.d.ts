import type { Task } from 'heddle'

/**
 * The p-norm of numbers.
 * @param p from 1 to 100; 2 by default
 */
export declare function {{task}}(values: Float64Array, p?: number): Task<number>
