'use strict'
// How a worker takes up a job, and how it says what it is about to start: each in one step of
// Redis, so that what was cancelled never starts, nor what a worker had started that is gone.
// A mark is 'worker n': that worker has started the members before n.

// KEYS: claims, marks. ARGV: job, worker, most bytes, '1' to start members once only,
// the field of places that were left, ms for which marks live, members that start now.
const CLAIM = `
local size = redis.call('HSTRLEN', KEYS[1], ARGV[1])
if size == 0 then return {'gone'} end
if size > tonumber(ARGV[3]) then return {'large', size} end
local from = 0
local mark = redis.call('HGET', KEYS[2], ARGV[1])
if mark and ARGV[4] == '1' then from = tonumber(string.match(mark, ' (%d+)$')) or 0 end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2] .. ' ' .. string.format('%d', from + ARGV[7]))
redis.call('PEXPIRE', KEYS[2], ARGV[6])
return {'run', from, redis.call('HGET', KEYS[1], ARGV[5]) or ''}
`

// KEYS: claims, marks. ARGV: job, worker, the field of places that were left, members that start until now.
const MARK = `
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return false end
local mark = redis.call('HGET', KEYS[2], ARGV[1])
if not mark or string.sub(mark, 1, #ARGV[2] + 1) ~= ARGV[2] .. ' ' then return false end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2] .. ' ' .. ARGV[4])
return redis.call('HGET', KEYS[1], ARGV[3]) or ''
`

/** Gives a connection of ioredis the commands. */
function addCommands(redis) {
  redis.defineCommand('heddleClaim', { numberOfKeys: 2, lua: CLAIM })
  redis.defineCommand('heddleMark', { numberOfKeys: 2, lua: MARK })
}

/**
 * Takes up a job, and marks its first members as started.
 * @returns how: 'gone', nobody wants it; 'large', with its bytes; 'run', with what it asks
 *   for, the places that nobody wants, and `from`: a worker that is gone had started those before
 */
async function claim(redis, { claims, marks }, { job, left, worker, most, once, live, flush }) {
  const [[how, number, places], payload] = await Promise.all([
    redis.heddleClaim(claims, marks, job, worker, most, once ? '1' : '0', left, live, flush),
    redis.hgetBuffer(claims, job),
  ])
  if (how === 'large') return { how, bytes: number }
  if (how === 'gone' || payload === null) return { how: 'gone' }
  return { how, payload, from: number, left: placesOf(places) }
}

/** Marks members before `to` as started. The places that nobody wants; null where the job is not this worker's any more. */
async function mark(redis, { claims, marks }, { job, left, worker }, to) {
  const places = await redis.heddleMark(claims, marks, job, worker, left, to)
  return places === null ? null : placesOf(places)
}

/** A list of places; empty for what is none. */
function placesOf(text) {
  if (text === '') return []
  try {
    const places = JSON.parse(text)
    return Array.isArray(places) ? places : []
  } catch {
    return []
  }
}

module.exports = { addCommands, claim, mark }
