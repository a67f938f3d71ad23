'use strict'
// The figures of each chart as a table: { caption, columns, rows }. The first cell of a row names it.

const { NONE, number, measured, times, mebibytes } = require('./numbers.js')

const round = ({ samples }) => (Array.isArray(samples) ? String(samples.length) : NONE)

function ofComparison({ unit, alone, entries }, title) {
  return {
    caption: title,
    columns: [
      alone ? 'heddle' : 'side',
      `median (${unit})`,
      'p10',
      'p90',
      'rounds',
      ...(alone ? [] : ['theirs / ours']),
    ],
    rows: entries.map(({ name, summary, ratio }) => [
      name,
      measured(summary.median, unit),
      number(summary.p10),
      number(summary.p90),
      round(summary),
      ...(alone ? [] : [ratio === null ? '' : times(ratio.median)]),
    ]),
  }
}

function ofCurve({ x, y, series }, title) {
  return {
    caption: title,
    columns: ['line', x.label, y.label, 'p10', 'p90'],
    rows: series.flatMap(({ name, points }) =>
      points.map((point) => [
        name,
        number(point.x),
        number(point.median),
        number(point.p10),
        number(point.p90),
      ]),
    ),
  }
}

function ofOverview(rows) {
  return {
    caption: 'Ratio to the first rival of each case',
    columns: ['case', 'title', 'measured', 'rival', 'theirs / ours', 'p10', 'p90'],
    rows: rows.map(({ name, title, what, rival, ratio }) => [
      name,
      title,
      what,
      rival,
      times(ratio.median),
      times(ratio.p10),
      times(ratio.p90),
    ]),
  }
}

const ms = (value) => measured(value, 'ms')

/** What each side used, all of it; the chart shows the main measures. */
function ofUsage(usage, title) {
  const split = usage.some(({ threads }) => threads) // older results have no threads
  return {
    caption: title,
    columns: [
      'side',
      'runs',
      'wall time',
      'CPU time',
      ...(split ? ['main thread', "V8's threads", 'other threads'] : []),
      'event-loop delay p50',
      'p99',
      'longest',
      'peak memory',
    ],
    rows: usage.map(({ side, runs, wall, cpu, threads, delay, peak }) => [
      side,
      number(runs),
      ms(wall),
      ms(cpu),
      ...(split ? [ms(threads?.main), ms(threads?.v8), ms(threads?.others)] : []),
      ms(delay?.p50),
      ms(delay?.p99),
      ms(delay?.max),
      mebibytes(peak),
    ]),
  }
}

module.exports = { ofComparison, ofCurve, ofOverview, ofUsage }
