'use strict'
// How a worker takes up a job: in one step, whether the caller still wants it, whether it
// was started before, and what it asks for. So a job that was cancelled never starts.

// KEYS: claims, marks. ARGV: job, worker, most bytes, '1' to start it once only,
// the field of places that were left, ms for which marks live.
const SCRIPT = `
local size = redis.call('HSTRLEN', KEYS[1], ARGV[1])
if size == 0 then return {'gone'} end
if size > tonumber(ARGV[3]) then return {'large', tostring(size)} end
local payload = redis.call('HGET', KEYS[1], ARGV[1])
if redis.call('HSETNX', KEYS[2], ARGV[1], ARGV[2]) == 0 then
  if ARGV[4] == '1' then return {'lost', payload} end
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
end
redis.call('PEXPIRE', KEYS[2], ARGV[6])
return {'run', payload, redis.call('HGET', KEYS[1], ARGV[5]) or ''}
`

/** Gives a connection of ioredis the command. */
const addClaim = (redis) => redis.defineCommand('heddleClaim', { numberOfKeys: 2, lua: SCRIPT })

/**
 * @returns how: 'gone', nobody wants it; 'large', with its bytes; 'lost', a worker that had
 *   started it is gone; 'run'. Then what it asks for, and the places that nobody wants
 */
async function claim(redis, keys, { job, worker, most, once, left, live }) {
  const [how, payload, places] = await redis.heddleClaimBuffer(keys.claims, keys.marks, job, worker, most, once ? '1' : '0', left, live)
  return { how: how.toString(), payload, left: new Set(placesOf(places)) }
}

/** A list of places; empty for what is none. */
function placesOf(bytes) {
  try {
    const places = JSON.parse(bytes.toString())
    return Array.isArray(places) ? places : []
  } catch {
    return []
  }
}

module.exports = { addClaim, claim }
