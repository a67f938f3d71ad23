import { configure, stats } from 'heddle'
import { instrument } from 'heddle/otel'
import { trace, type CallRecord, type MemberRecord, type Recording, type Trace } from 'heddle/trace'
import { expectTypeOf } from 'expect-type'

const recording = trace({ members: 1000 })
expectTypeOf(recording).toEqualTypeOf<Recording>()
expectTypeOf(trace()).toEqualTypeOf<Recording>()
expectTypeOf(recording.stop()).toEqualTypeOf<Trace>()
expectTypeOf(recording.write('run.html', { force: true })).toBeString()
const { members, calls } = recording.stop()
expectTypeOf(members).toEqualTypeOf<MemberRecord[]>()
expectTypeOf(calls).toEqualTypeOf<CallRecord[]>()
expectTypeOf(calls[0]!.place).toEqualTypeOf<string | null>()

expectTypeOf(configure({ histograms: true }).histograms).toBeBoolean()
expectTypeOf(stats().tasks?.['hash']?.run.p99).toEqualTypeOf<number | undefined>()
expectTypeOf(stats().perThread?.[0]?.heapUsed).toEqualTypeOf<number | undefined>()

expectTypeOf(instrument({ members: { longerThan: 5 } }).stop()).toBeVoid()

// @ts-expect-error a number of members
trace({ members: '1000' })
// @ts-expect-error there is no such option
recording.write('run.html', { overwrite: true })
// @ts-expect-error how long they run says which
instrument({ members: true })
// @ts-expect-error a boolean
configure({ histograms: 1 })
