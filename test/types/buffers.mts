// What memory results have, since TypeScript 5.7 can say so.
import { thread, type NewBytes } from 'heddle'
import { gzip, hash, sort, type NewArray, type NewBuffer } from 'heddle/tasks'
import { expectTypeOf } from 'expect-type'

expectTypeOf<NewBuffer>().toEqualTypeOf<Buffer<ArrayBuffer>>()
expectTypeOf<NewBytes>().toEqualTypeOf<Uint8Array<ArrayBuffer>>()
expectTypeOf<NewArray['Float64Array']>().toEqualTypeOf<Float64Array<ArrayBuffer>>()
expectTypeOf(await gzip('a')).toEqualTypeOf<Buffer<ArrayBuffer>>()
expectTypeOf(await hash('md5', 'a', { outputEncoding: 'buffer' })).toEqualTypeOf<Buffer<ArrayBuffer>>()
expectTypeOf(await sort(new Int8Array(new SharedArrayBuffer(1)))).toEqualTypeOf<Int8Array<ArrayBuffer>>()
expectTypeOf(await thread(() => Buffer.alloc(1))()).toEqualTypeOf<Uint8Array<ArrayBuffer>>()
