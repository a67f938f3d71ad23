'use strict'
// The circumstances that figures depend on.

const os = require('node:os')
const { configure } = require('../../lib/index.js')

function head() {
  const cpus = os.cpus()
  return {
    date: new Date().toISOString(),
    node: process.version,
    heddle: require('../../package.json').version,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus[0]?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    threads: configure().threads,
    uvThreadpoolSize: process.env.UV_THREADPOOL_SIZE ?? 'not set (4)',
    load: os.loadavg()[0],
  }
}

function headLines(h) {
  return [
    `heddle ${h.heddle}, Node ${h.node} (${h.platform}), ${h.date}`,
    `CPU ${h.cpu}, ${h.cores} cores; heddle's threads ${h.threads}, UV_THREADPOOL_SIZE ${h.uvThreadpoolSize}`,
    `load average before the run ${h.load.toFixed(2)}`,
  ]
}

module.exports = { head, headLines }
