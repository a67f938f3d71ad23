// Tasks, and the functions that make them; heddle exports all of it.

/**
 * A unit of CPU work that runs on a thread of its own accord only when someone
 * asks for it: a combinator, `run()`, `await` or `.then`. It runs at most once
 * and is shared by all who ask; made by the functions of `heddle/tasks` and by
 * {@link chain}.
 *
 * From the making of a Task until it settles, do not write to, resize or
 * transfer its buffers: a thread reads them.
 *
 * An async function that returns a Task awaits it, as every thenable: return a
 * function that makes the Task, or the Task in an object, to hand it on unstarted.
 *
 * @typeParam T what it fulfils with
 */
export declare class Task<T = unknown> implements Promise<T> {
  #private
  private constructor()

  /** Name of the task, as `'hash'`; of a chain, `'chain'`. */
  get name(): string
  /**
   * Whether it runs in C alone. A built-in task whose library the runtime does not bring runs on a
   * JavaScript thread instead, and has `false` here; so have Tasks of `thread()`.
   */
  get native(): boolean

  /** `'Task'`. */
  get [Symbol.toStringTag](): 'Task'

  /**
   * Starts the Task, unless it has started, and asks for its result. Tasks that
   * are started so within one turn go down to the threads together.
   *
   * Rejects with `ERR_HEDDLE_MISUSE` when the Task has `previous` in it or is a
   * step of a chain.
   */
  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null | undefined,
    onRejected?: ((reason: any) => B | PromiseLike<B>) | null | undefined,
  ): Promise<A | B>

  /** As a Promise's. Starts the Task, as `then` does. */
  catch<B = never>(
    onRejected?: ((reason: any) => B | PromiseLike<B>) | null | undefined,
  ): Promise<T | B>

  /** As a Promise's. Starts the Task, as `then` does. */
  finally(onSettled?: (() => void) | null | undefined): Promise<T>
}

/**
 * Stands for the result of the step before, as a whole positional argument of a
 * Task: `gzip(previous)`. Such a Task runs in `sequential` or `chain` only, and
 * not as the first step; anywhere else it is a TypeError (`ERR_HEDDLE_MISUSE`).
 * Fields of options objects cannot be `previous`, nor can the path of `writeFile`.
 */
export declare const previous: unique symbol

/** The type of {@link previous}. */
export type Previous = typeof previous

declare const dependent: unique symbol

/**
 * A Task with {@link previous} in it. It runs as a step of `sequential` or `chain`,
 * but not as the first one.
 */
export interface DependentTask<T = unknown> extends Task<T> {
  readonly [dependent]: true
}

/** What has a place where there is no step before it. */
export interface Independent {
  readonly [dependent]?: '`previous` has no step before it here'
}

type IsPrevious<A> = 0 extends 1 & A ? false : [A, Previous] extends [Previous, A] ? true : false

/** The Task that is made of arguments of the types `A`: a dependent one when one of them is `previous`. */
export type TaskOf<T, A extends readonly unknown[]> = true extends {
  [K in keyof A]: IsPrevious<A[K]>
}[number]
  ? DependentTask<T>
  : Task<T>

declare const maker: unique symbol

/** What functions have that make Tasks of their arguments. */
export interface MakerBrand<F> {
  /** Only in types: which Task one item makes. */
  readonly [maker]: F
}

/**
 * A function that makes Tasks of its arguments. As a mapper of `map` and `stream` it is
 * given the item alone, so that one with an optional second argument serves as it is.
 */
export type Maker<F> = F & MakerBrand<F>

/** A {@link Maker} that makes a Task of one argument. */
export type ItemMaker<T, R> = MakerBrand<(item: T) => R>

export {}
