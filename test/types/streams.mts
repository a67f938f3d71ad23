import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { hash, hmac, gzip, crc32, sort, brotliCompress, type ByteStream, type NewBuffer } from 'heddle/tasks'
import { parallel, type Task } from 'heddle'
import { expectTypeOf } from 'expect-type'

expectTypeOf(hash('sha256', createReadStream('a'))).toEqualTypeOf<Task<string>>()
expectTypeOf(hash('sha256', new Blob(['a']).stream(), { outputEncoding: 'buffer' })).toEqualTypeOf<Task<NewBuffer>>()
async function* chunks() {
  yield new Uint8Array(1)
}
expectTypeOf(gzip(chunks(), { level: 9 })).toEqualTypeOf<Task<NewBuffer>>()
expectTypeOf(crc32(chunks(), 1)).toEqualTypeOf<Task<number>>()
expectTypeOf(hmac('sha256', 'key', {} as Readable)).toEqualTypeOf<Task<string>>()
expectTypeOf(parallel([brotliCompress(chunks()), hash('md5', 'x')])).toEqualTypeOf<Promise<[NewBuffer, string]>>()
expectTypeOf<Readable>().toExtend<ByteStream>()

async function* words() {
  yield 'text'
}
// @ts-expect-error chunks are no strings
hash('sha256', words())
// @ts-expect-error the key is no stream
hmac('sha256', chunks(), 'data')
// @ts-expect-error nothing to sort
sort(chunks())
