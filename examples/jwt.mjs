// 10,000 JSON Web Tokens, RS256, checked in two ways: by node:crypto on this thread, one after
// the other, and by heddle's verify on all cores, while the event loop stays free.
//
// A program that takes tokens also looks at what they claim: exp, aud, iss.

import crypto from 'node:crypto'
import { parallel } from 'heddle'
import { sign, verify } from 'heddle/tasks'
import { print, section } from './lib/print.mjs'

const TOKENS = 10_000
const { privateKey, publicKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 })

const encode = (object) => Buffer.from(JSON.stringify(object)).toString('base64url')
const header = encode({ alg: 'RS256', typ: 'JWT' })

/** The parts that a check needs; of the header only the algorithm that we want. */
function parse(token) {
  const [head, payload, signature] = token.split('.')
  const { alg } = JSON.parse(Buffer.from(head, 'base64url'))
  if (alg !== 'RS256') throw new Error(`unexpected algorithm ${alg}`)
  return { data: `${head}.${payload}`, signature: Buffer.from(signature, 'base64url') }
}

let tokens
await section('made by sign', async () => {
  const bodies = Array.from({ length: 20 }, (_, i) => `${header}.${encode({ sub: `user ${i}` })}`)
  const options = { outputEncoding: 'base64url' }
  const signatures = await parallel(bodies.map((body) => sign('sha256', body, privateKey, options)))
  const made = bodies.map((body, i) => `${body}.${signatures[i]}`)
  tokens = Array.from({ length: TOKENS }, (_, i) => made[i % made.length])
  tokens[17] = tokens[17].replace(/\.[^.]*\./, `.${encode({ sub: 'admin' })}.`) // forged
  print(`${tokens.length} tokens`)
})

const report = (results) => print(`${results.filter(Boolean).length} hold, ${results.indexOf(false)} is forged`)

await section('node:crypto, one after the other', () => {
  const check = ({ data, signature }) => crypto.verify('sha256', Buffer.from(data), publicKey, signature)
  report(tokens.map((token) => check(parse(token))))
})

await section('heddle: verify, on all cores', async () => {
  const check = ({ data, signature }) => verify('sha256', data, publicKey, signature)
  report(await parallel(tokens.map((token) => check(parse(token)))))
})
