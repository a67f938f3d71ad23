import { limiter, map, parallel, sequential, shutdown, stream, type Limiter, type Token } from 'heddle'
import { expectTypeOf } from 'expect-type'

const limit = limiter({ capacity: 8, maxQueue: 1000 })
expectTypeOf(limit).toEqualTypeOf<Limiter>()
limiter({ interval: 1000, intervalCapacity: 100 })
limit.capacity = 4

expectTypeOf(limit.acquire({ key: 1, weight: 2, priority: 5, timeout: 500 })).toEqualTypeOf<Promise<Token>>()
expectTypeOf(limit.with(async (token) => token.released)).toEqualTypeOf<Promise<boolean>>()
expectTypeOf(limit.wrap(async (id: number, name: string) => name)).toBeCallableWith(1, 'a')
expectTypeOf(limit.wrap((id: number) => [id])(1)).toEqualTypeOf<Promise<number[]>>()
expectTypeOf(limit.close({ timeout: 5000 })).toEqualTypeOf<Promise<boolean>>()
expectTypeOf(limit.stats().waitTime.mean).toBeNumber()

expectTypeOf(limit.stats().waitingBytes).toBeNumber()
limiter({ capacity: 8, maxQueueBytes: 1 << 20 })
expectTypeOf(shutdown({ timeout: 10_000 })).toEqualTypeOf<Promise<boolean>>()
expectTypeOf(shutdown()).toEqualTypeOf<Promise<boolean>>()

const given = { concurrency: limit, key: 'tenant', weight: 2, priority: 1 }
expectTypeOf(parallel([async () => 1], given)).toEqualTypeOf<Promise<[number]>>()
expectTypeOf(map([1], async (n) => `${n}`, given)).toEqualTypeOf<Promise<string[]>>()
void sequential([async () => 1], given)
void stream([1], async (n) => n, given)
void parallel([async () => 1], { concurrency: { acquire: async () => ({ release() {} }) } })

// @ts-expect-error what it gives cannot be released
void parallel([async () => 1], { concurrency: { acquire: async () => 1 } })
// @ts-expect-error neither a number nor what has acquire()
void parallel([async () => 1], { concurrency: '8' })
// @ts-expect-error of a number
void shutdown(10_000)
// @ts-expect-error nothing is bounded by words
limiter({ capacity: '8' })
// @ts-expect-error there is no such option
limiter({ concurrency: 8 })
// @ts-expect-error the arguments are those of the function
void limit.wrap((id: number) => id)('a')
