'use strict'
// sort, sum and matmul in plain JavaScript.

const { types } = require('./carriers.js')
const { isBig } = require('./arrays.js')
const { RANGE, TYPE } = require('./arguments.js')

const EPSILON = 2 ** -52
const SCALE = 1074 // 2 ** -1074 is the least number above 0

const typeOf = (array) => types[array[Symbol.toStringTag]]
const isFloat = (Type) => Type === Float64Array || Type === Float32Array

const sorted = (array) => new (typeOf(array))(array).sort()

/** A finite number as a multiple of 2 ** -1074. */
function scaled(number) {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, number)
  const bits = view.getBigUint64(0)
  const exponent = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & (2n ** 52n - 1n)
  const size = exponent === 0 ? fraction : (fraction | (2n ** 52n)) << BigInt(exponent - 1)
  return bits >> 63n ? -size : size
}

/** The number nearest to a multiple of 2 ** -1074, or at most one off. */
function unscaled(multiple) {
  const size = multiple < 0n ? -multiple : multiple
  const digits = size.toString(2).length
  const drop = Math.max(0, digits - 60)
  const top = Number(size >> BigInt(drop))
  // In two steps: 2 ** -1074 alone would take the digits away.
  const number = top * 2 ** (drop - SCALE / 2) * 2 ** (-SCALE / 2)
  return multiple < 0n ? -number : number
}

function integers(array, Type) {
  let sum = 0n
  for (const n of array) sum += BigInt(n)
  if (!isBig(Type)) return { value: Number(sum) }
  const fits = (Type === BigInt64Array ? BigInt.asIntN : BigInt.asUintN)(64, sum) === sum
  return fits ? { value: sum } : { code: RANGE }
}

/** A sum of floats: within what compensation leaves; plain addition's where it is not finite. */
function floats(array) {
  let plainly = 0
  let exact = 0n
  let sizes = 0
  for (const n of array) {
    plainly += n
    sizes += Math.abs(n)
    if (Number.isFinite(n)) exact += scaled(n)
  }
  if (!array.every(Number.isFinite)) return { value: plainly }
  const right = unscaled(exact)
  const most = 2 * EPSILON * Math.abs(right) + array.length * EPSILON ** 2 * sizes * 8 + 1e-323
  return {
    check: (got) => {
      if (Math.abs(got - right) <= most) return
      if (!Number.isFinite(sizes) && Object.is(got, plainly)) return
      return `${got}, not ${right}`
    },
  }
}

function total(array) {
  const Type = typeOf(array)
  return isFloat(Type) ? floats(array) : integers(array, Type)
}

/** A product of matrices, each element within its rounding errors. */
function product(a, b, m, k, n) {
  const Type = typeOf(a)
  if (!isFloat(Type) || typeOf(b) !== Type) return { code: TYPE }
  if (m * k !== a.length || k * n !== b.length) return { code: 'ERR_HEDDLE_SHAPE' }
  const [unit, most] = Type === Float32Array ? [2 ** -23, 3e38] : [EPSILON, 1e308]
  const check = (got) => {
    if (typeOf(got) !== Type || got.length !== m * n)
      return `${got?.constructor?.name} of ${got?.length}`
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0
        let size = 0
        for (let x = 0; x < k; x++) {
          sum += a[i * k + x] * b[x * n + j]
          size += Math.abs(a[i * k + x] * b[x * n + j])
        }
        if (size > most) continue // whether it overflows depends on the order
        const off = Math.abs(got[i * n + j] - sum)
        if (!(off <= (k + 2) * unit * size) && !Object.is(got[i * n + j], Type.of(sum)[0]))
          return `${got[i * n + j]} at ${i}, ${j}, not ${sum}`
      }
    }
  }
  return { check }
}

module.exports = { product, sorted, total }
