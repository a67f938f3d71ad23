// What combinators run, and what becomes of it; heddle exports all of it.

import type { Independent, Task } from './task.js'

/**
 * The last argument of functions that combinators call. Both are properties of its
 * own where the function declares the parameter, so that a copy has them.
 */
export interface Context<I = number | string> {
  /** Position of the member in the list, key in the object, or index of the item. */
  readonly index: I
  /**
   * Aborts when the result is no longer needed: the call failed elsewhere, was
   * aborted, timed out, or its race was won. Made when it is first looked at.
   */
  readonly signal: AbortSignal
}

/** With the option `retry`, and in `retry()`. */
export interface RetryContext<I = number | string> extends Context<I> {
  /** 1 at first, 2 at the first retry, and so on. */
  readonly attempt: number
}

/** A function as work: called when its turn comes; what it returns is awaited. */
export type WorkFunction = (context: RetryContext) => unknown

/** A function as a step of {@link sequential}: `previous` is the result of the step before. */
export type StepFunction = (previous: any, context: RetryContext) => unknown

/** What is work as it is: Tasks, promises, other thenables, plain values. */
export type WorkValue = object | string | number | bigint | boolean | symbol | null | undefined

/** What combinators run. */
export type Work = WorkFunction | WorkValue

/** What {@link sequential} runs. */
export type Step = StepFunction | WorkValue

/** The result of work: `Result<Task<string>>` is `string`, as is `Result<() => Promise<string>>`. */
export type Result<W> = W extends (...args: any[]) => infer R ? Awaited<R> : Awaited<W>

/** The results of work: of a tuple, an array or an object in the same shape, of other iterables an array. */
export type Results<W> = 0 extends 1 & W
  ? any
  : W extends readonly unknown[]
    ? { -readonly [K in keyof W]: Result<W[K]> }
    : W extends Iterable<infer I>
      ? Result<I>[]
      : { -readonly [K in keyof W]: Result<W[K]> }

/** How the members of work have settled, in the shape of {@link Results}. */
export type SettledResults<W> = 0 extends 1 & W
  ? any
  : W extends readonly unknown[]
    ? { -readonly [K in keyof W]: PromiseSettledResult<Result<W[K]>> }
    : W extends Iterable<infer I>
      ? PromiseSettledResult<Result<I>>[]
      : { -readonly [K in keyof W]: PromiseSettledResult<Result<W[K]>> }

/** The members of work: of an array or another iterable its items, of an object its values. */
export type Member<W> = 0 extends 1 & W ? any : W extends Iterable<infer I> ? I : W[keyof W]

/**
 * A plain object of work, in which `W` finds its own keys. What is iterable,
 * callable or has a key `then` is no such object.
 */
export type WorkObject<W, F = IndependentWork> = { readonly [K in keyof W]: F } & {
  readonly then?: never
  readonly [Symbol.iterator]?: never
  readonly [Symbol.hasInstance]?: never
} & object

// TypeScript before 5.7 gives functions in an object literal their parameters by this one only.
type WorkRecord<F> = { readonly [key: string]: F } & { readonly then?: never }

/** Work that needs no step before it. */
export type IndependentWork = WorkFunction | (object & Independent) | Exclude<WorkValue, object>

/** A member of what `allKeyed` takes: its key may be a symbol. */
export type KeyedMember =
  | ((context: RetryContext<number | string | symbol>) => unknown)
  | Exclude<IndependentWork, WorkFunction>

/** What `allKeyed` takes: an object of work, in whose own properties `W` finds its keys. */
export type KeyedWork<W, F = KeyedMember> = { readonly [K in keyof W]: F } & {
  readonly then?: never
} & object

/** The results of work under its keys. */
export type KeyedResults<W> = { -readonly [K in keyof W]: Result<W[K]> }

/** How work has settled, under its keys. */
export type KeyedSettledResults<W> = {
  -readonly [K in keyof W]: PromiseSettledResult<Result<W[K]>>
}

/** What combinators take: a list of work, or a plain object of it. */
export type WorkList<W, F = IndependentWork> =
  | readonly F[]
  | []
  | (Iterable<F> & object)
  | WorkRecord<F>
  | WorkObject<W, F>

type First = { readonly 0?: StepFunction | IndependentWork }

/** What `sequential` takes: where types know the first step, it has no `previous` in it. */
export type StepList<W> =
  | (readonly Step[] & First)
  | []
  | (Iterable<Step> & object & First)
  | WorkRecord<Step>
  | WorkObject<W, Step>

type HasTask<M> = 0 extends 1 & M ? false : [Extract<M, Task<any>>] extends [never] ? false : true

declare const once: unique symbol

/** Why there is no `retry`: among the work is a Task, which runs once. A function that makes one may be there. */
export interface TaskRunsOnce {
  readonly [once]: never
}

/** The options of work that has Tasks. */
export interface NoRetry {
  /** Not with a Task among the work, which runs once; but with a function that makes one. */
  retry?: TaskRunsOnce | undefined
}

/** What options must be where Tasks may be among the work. */
export type RetryOf<W> = HasTask<Member<W>> extends true ? NoRetry : unknown

export {}
