import { chain, map, parallel, previous, thread, type Task } from 'heddle'
import { hash } from 'heddle/tasks'
import { connect, serve, type Remote, type RemoteFunction, type Server } from 'heddle/remote'
import { expectTypeOf } from 'expect-type'

const connection = { host: 'localhost', port: 6379 }
const render = thread((page: number, scale: number) => `${page} ${scale}`)

const server = serve({ hash, 'render@2': render, twice: (n: number) => hash('md5', `${n}`) }, { queue: 'media', connection })
expectTypeOf(server).toEqualTypeOf<Server>()
expectTypeOf(server.close({ timeout: 1000 })).toEqualTypeOf<Promise<void>>()
serve({ hash }, { queue: 'media', connection: 'redis://localhost', concurrency: 4, lockDuration: 5000, maxBytes: 1e6, files: '/srv', log: (line) => line.length })

const remote = connect({ queue: 'media', connection, batch: 'auto', window: 4096, maxBytes: 64e6, waitTimeout: 30_000, lease: 5000 })
expectTypeOf(remote).toEqualTypeOf<Remote>()
expectTypeOf(remote.close()).toEqualTypeOf<Promise<void>>()

const far = remote<typeof render>('render@2', { idempotent: true })
expectTypeOf(far(1, 2)).toEqualTypeOf<Task<string>>()
expectTypeOf(parallel([far(1, 2), remote<(n: number) => Promise<Date>>('date')(1)])).toEqualTypeOf<Promise<[string, Date]>>()
expectTypeOf(map([1, 2], (page) => far(page, 2))).toEqualTypeOf<Promise<string[]>>()
expectTypeOf(chain(far(1, 2), remote<(text: string) => number>('length')(previous))).resolves.toBeNumber()
expectTypeOf(remote('any')).toEqualTypeOf<RemoteFunction<any[], any>>()

// @ts-expect-error an argument of another type
far('1', 2)
// @ts-expect-error what is served makes Tasks
serve({ one: (n: number) => n }, { queue: 'media', connection })
// @ts-expect-error a queue is needed
connect({ connection })
// @ts-expect-error there is no such option
remote('any', { idempotant: true })
