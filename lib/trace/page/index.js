'use strict'
// The page of a Trace: one file, which asks the network for nothing.

const { createHash } = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')
const { figuresOf } = require('./figures.js')
const { reduce } = require('./reduce.js')
const { count, escape, inline, percent, time } = require('./text.js')

const MOST_LISTED = 200 // calls

const asset = (name) => fs.readFileSync(path.join(__dirname, name), 'utf8')

const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

const cells = (tag, texts) => texts.map((text) => `<${tag}>${text}</${tag}>`).join('')

const heads = (texts) => texts.map((text) => `<th scope="col">${text}</th>`).join('')

function taskTable(trace) {
  const all = trace.duration * Math.max(1, trace.threads.length)
  const rows = figuresOf(trace).map(({ task, count: number, wait, run, failed, cancelled, expired, busy }) => {
    const figures = [count(number), ...wait.map(time), ...run.map(time), count(failed), count(cancelled), count(expired)]
    const share = all > 0 ? busy / all : 0
    return `<tr data-task="${escape(task)}"><th scope="row">${escape(task)}</th>${cells('td', [...figures, percent(share)])}</tr>`
  })
  return `<div class="scroll" role="region" aria-labelledby="tasks" tabindex="0"><table>
<thead><tr><th scope="col" rowspan="2">task</th><th scope="col" rowspan="2">number</th><th scope="colgroup" colspan="3">waited</th><th scope="colgroup" colspan="3">ran</th><th scope="col" rowspan="2">failed</th><th scope="col" rowspan="2">cancelled</th><th scope="col" rowspan="2">expired</th><th scope="col" rowspan="2">share of threads</th></tr>
<tr>${heads(['p50', 'p95', 'p99', 'p50', 'p95', 'p99'])}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>`
}

function callTable({ calls, duration, members }) {
  const counts = new Map()
  for (const { call } of members) if (call !== null) counts.set(call, (counts.get(call) ?? 0) + 1)
  const took = ({ began, ended }) => (ended ?? duration) - began
  const listed = calls.map((call, i) => ({ call, i })).sort((a, b) => took(b.call) - took(a.call)).slice(0, MOST_LISTED)
  const rows = listed.map(({ call }) => {
    const { id, name, place, began, state, error } = call
    const end = state === 'rejected' && error !== null ? `rejected: ${error}` : state
    return `<tr><td><button type="button" data-call="${id}" aria-pressed="false">${escape(name)}</button></td>${cells('td', [
      place === null ? '' : escape(place),
      time(began),
      time(took(call)),
      count(counts.get(id) ?? 0),
      escape(end),
    ])}</tr>`
  })
  const rest = calls.length > listed.length ? `<p>The ${count(listed.length)} longest of ${count(calls.length)}.</p>` : ''
  return `${rest}<div class="scroll" role="region" aria-labelledby="calls" tabindex="0"><table class="calls">
<thead><tr>${heads(['call', 'made at', 'began after', 'took', 'members that ran', 'came to'])}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>`
}

/** What the recording is of, and what to see first. */
function summary(trace) {
  const { members, missing, missingCalls = 0, stalls, threads, duration, calls } = trace
  const busy = members.reduce((sum, { started, ended }) => sum + (started === null ? 0 : ended - started), 0)
  const part = threads.length > 0 && duration > 0 ? busy / (threads.length * duration) : 0
  const facts = [
    [time(duration), 'recorded'],
    [count(members.length), 'members ran'],
    [count(calls.length), 'calls'],
    [`${percent(part)}`, `of ${threads.length} threads busy`],
    [count(stalls.length), `stalls of the event loop${stalls.length > 0 ? `, the longest ${time(Math.max(...stalls.map((one) => one.duration)))}` : ''}`],
  ]
  const gaps = []
  if (missing > 0) gaps.push(`${count(missing)} members ran that are not here: there was no room for them. Record with more: --members.`)
  if (missingCalls > 0) gaps.push(`${count(missingCalls)} calls are not here.`)
  return `<dl class="facts">${facts.map(([number, words]) => `<div><dt>${escape(words)}</dt><dd>${escape(number)}</dd></div>`).join('')}</dl>
${gaps.map((words) => `<p class="missing"><strong>Not whole:</strong> ${escape(words)}</p>`).join('')}`
}

/**
 * @param {Trace} trace
 * @returns {Generator<string>} the file, in pieces
 */
function* page(trace) {
  const style = asset('style.css')
  const script = ['words.js', 'paint.js', 'view.js'].map(asset).join('\n')
  const policy = `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}; base-uri 'none'; form-action 'none'`
  const when = new Date(trace.began).toISOString().replace('T', ' ').slice(0, 19)
  yield `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>What heddle ran, ${when}</title>
<style>${style}</style></head>
<body><header><h1>What ran</h1>
<p class="of">${escape(when)} UTC · heddle ${escape(trace.heddle)} · Node.js ${escape(trace.node)} · ${escape(trace.platform)} · threads: ${escape(trace.settings.threads)}</p></header>
<main>
${summary(trace)}
<section aria-labelledby="time"><h2 id="time">Over time</h2>
<div class="tools"><span class="buttons"><button type="button" id="in">Zoom in</button><button type="button" id="out">Zoom out</button><button type="button" id="all">All</button></span>
<ul class="legend" id="legend"></ul></div>
<div class="view"><canvas id="view" tabindex="0" role="application" aria-label="Timeline of calls, the event loop, what waits, and threads" aria-describedby="keys"></canvas><div id="tip" role="presentation" hidden></div></div>
<p id="said" class="said" role="status"></p>
<p id="keys" class="keys">Drag or scroll to move, Ctrl and the wheel to zoom. Keys: ← → move, + − zoom, 0 all, ↑ ↓ choose a row, N and P the next and previous bar, Enter lights up its call, Esc lets go.</p>
<p id="coarse" class="keys"></p></section>
<section><h2 id="tasks">By task</h2>${taskTable(trace)}</section>
<section><h2 id="calls">Calls</h2>${callTable(trace)}</section>
</main>
<script type="application/json" id="data">`
  yield inline(reduce(trace))
  yield `</script>
<script>${script}</script>
</body></html>
`
}

module.exports = { page }
