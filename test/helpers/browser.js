'use strict'
// Headless Chromium.

const fs = require('node:fs')
const { chromium } = require('playwright-core')

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

async function launch() {
  if (!fs.existsSync(executablePath)) {
    throw new Error(
      `there is no ${executablePath}: install the Debian package chromium, or say in CHROMIUM where it is`,
    )
  }
  const root = process.getuid?.() === 0
  return chromium.launch({ executablePath, args: root ? ['--no-sandbox'] : [] })
}

module.exports = { launch }
