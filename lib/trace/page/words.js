/* What the timeline says. Runs in the page; times are µs. Of `data` see reduce.js. */
/* exported wordsOf */
const SEVERAL = -2 // calls, in one bar

function wordsOf(data) {
  'use strict'
  const figures = (number) => Number(number.toPrecision(3))
  function time(us) {
    if (us >= 1e6) return `${figures(us / 1e6)} s`
    return us >= 1000 ? `${figures(us / 1000)} ms` : `${figures(us)} µs`
  }
  const nameOf = (task) => data.names[task]
  const statesOf = (bits) => data.states.filter((_, i) => bits & (1 << i)).join(', ')
  const placeOf = (call) => (call.p < 0 ? '' : ` at ${data.names[call.p]}`)

  function barWords(row, at) {
    const { n, t, m, d, b, w, c, f, x, k, s } = row
    const lines = []
    if (n[at] === 1) {
      lines.push(`${nameOf(t[at])}: ran ${time(d[at])}, after it had waited ${time(w[at])}; ${statesOf(f[at])}`)
    } else {
      const bad = x[at] > 0 ? `; ${x[at]} of them ${statesOf(f[at] & ~1)}` : ''
      lines.push(`${n[at]} members within ${time(d[at])}, ${m[at] ? 'mostly ' : ''}${nameOf(t[at])}: ran ${time(b[at])} in all${bad}`)
    }
    if (c[at] >= 0) {
      const call = data.calls[c[at]]
      const key = k[at] === null ? '' : `member ${k[at]} of `
      lines.push(`${key}${data.names[call.n]}${placeOf(call)}`)
    } else if (c[at] === SEVERAL) lines.push('of several calls')
    lines.push(`on ${row.name}, ${time(s[at])} after the start`)
    return lines.join('\n')
  }

  function callWords(call) {
    const error = call.e === null ? '' : `: ${call.e}`
    return `${data.names[call.n]}${placeOf(call)}\ntook ${time(call.d)}, ${time(call.s)} after the start; ${call.st}${error}`
  }

  return { time, nameOf, placeOf, barWords, callWords }
}
