'use strict'
// scripts/release.js refuses what is not a version of the repository, before it does anything.

const assert = require('node:assert/strict')
const { execFileSync, spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { root, temporaryFolder } = require('../support.js')

describe('scripts/release.js', () => {
  const folder = temporaryFolder()

  const git = (...args) => {
    const settings = ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false']
    return execFileSync('git', [...settings, ...args], { cwd: folder(), stdio: 'pipe' })
  }
  const write = (name, text) => fs.writeFileSync(folder(name), text)

  function refusal(...args) {
    const options = { cwd: folder(), encoding: 'utf8', env: { ...process.env, CI: undefined } }
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/release.js', ...args], options)
    assert.equal(status, 1)
    assert.equal(stdout, '') // it has not begun
    return stderr
  }

  function commit() {
    git('add', '--all')
    git('commit', '--quiet', '--message', 'all')
  }

  before(() => {
    fs.mkdirSync(folder('scripts'))
    fs.copyFileSync(path.join(root, 'scripts', 'release.js'), folder('scripts', 'release.js'))
    write('package.json', JSON.stringify({ name: 'released', version: '1.2.3' }))
    write('CHANGELOG.md', '# Changes\n\n## 1.2.2\n')
    git('init', '--quiet')
    commit()
  })

  it('refuses a tree with changes, and with files that are new', () => {
    write('new.txt', '')
    assert.match(refusal(), /^not released: the work tree has changes that are not committed:\n\?\? new\.txt/)
    fs.rmSync(folder('new.txt'))
    write('package.json', '{"version":"1.2.3" }')
    assert.match(refusal(), /M package\.json/)
    git('checkout', '--quiet', '.')
  })

  it('refuses a version that is not in the list of changes, has no tag, or another commit has', () => {
    assert.match(refusal(), /CHANGELOG\.md begins with 1\.2\.2, package\.json has 1\.2\.3/)
    write('CHANGELOG.md', '# Changes\n\n## 1.2.3\n\n## 1.2.2\n')
    commit()
    assert.match(refusal(), /there is no tag v1\.2\.3/)
    git('tag', 'v1.2.3')
    write('late.txt', '')
    commit()
    assert.match(refusal(), /the tag v1\.2\.3 is not on this commit/)
    git('tag', '--force', 'v1.2.3')
  })

  it('publishes only where provenance can be stated', () => {
    assert.match(refusal('--publish'), /package\.json has no repository/)
    write('package.json', JSON.stringify({ name: 'released', version: '1.2.3', repository: 'github:a/b' }))
    commit()
    git('tag', '--force', 'v1.2.3')
    assert.match(refusal('--publish'), /in CI only/)
  })
})
