import { limiter, type Limiter, type Token } from 'heddle'
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

// @ts-expect-error nothing is bounded by words
limiter({ capacity: '8' })
// @ts-expect-error there is no such option
limiter({ concurrency: 8 })
// @ts-expect-error the arguments are those of the function
void limit.wrap((id: number) => id)('a')
