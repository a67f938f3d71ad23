// As CommonJS sees it: settings, figures, errors.
import heddle = require('heddle')
import { AbortError, configure, HeddleError, stats, TimeoutError, type TaskFailure } from 'heddle'
import tasks = require('heddle/tasks')
import { expectTypeOf } from 'expect-type'

expectTypeOf<heddle.Task<string>>().toEqualTypeOf<ReturnType<typeof tasks.hash<'hex'>>>()
const settings = configure()
expectTypeOf(settings).toEqualTypeOf<{ threads: number; niceIncrement: number; histograms: boolean }>()
void configure({ threads: 4 })
void configure({ threads: undefined, niceIncrement: 5 })
void configure({ niceIncrement: undefined })
const { threads, poolThreads, ownThreads, queued, running } = stats()
const { completed, failed, cancelled, waitTime, runTime } = stats()
const figures: number[] = [threads, poolThreads, ownThreads, queued, running]
figures.push(completed, failed, cancelled, waitTime, runTime)

const mine = new HeddleError('ERR_MINE', 'words', { cause: 1 })
expectTypeOf<(typeof mine)['code']>().toEqualTypeOf<string>()
expectTypeOf<(typeof mine)['index']>().toEqualTypeOf<number | string | symbol | undefined>()
expectTypeOf<AbortError['code']>().toEqualTypeOf<'ERR_HEDDLE_ABORTED'>()
expectTypeOf<TimeoutError['code']>().toEqualTypeOf<'ERR_HEDDLE_TIMEOUT'>()
const failures: TaskFailure[] = [mine, new AbortError('a'), new TimeoutError('b')]
const { code, index, errno, syscall, path } = failures[0]!
expectTypeOf(errno).toEqualTypeOf<number | undefined>()
const error: Error = mine

// @ts-expect-error the code comes first, and the words
new HeddleError('words')
// @ts-expect-error no such setting
void configure({ thread: 4 })
// @ts-expect-error a number
void configure({ threads: '4' })
// @ts-expect-error a number
void configure({ niceIncrement: 5n })
// @ts-expect-error figures take no argument
void stats(1)
// @ts-expect-error not public
void heddle.Call
// @ts-expect-error file() belongs to heddle/tasks
void heddle.file

void [figures, code, index, errno, syscall, path, error]
