'use strict'
// npm run release [-- --publish]: makes and checks the tarball of a version, from
// a commit and nothing else. With --publish, for a workflow that may sign for the
// repository, it publishes that same tarball with a statement of provenance.

const { execFileSync, spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { parseArgs } = require('node:util')

const root = path.join(__dirname, '..')

function refuse(why) {
  console.error(`not released: ${why}`)
  process.exit(1)
}

const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()

function run(command, ...args) {
  console.log(`$ ${command} ${args.join(' ')}`)
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (error !== undefined || status !== 0) refuse(`${command} ${args.join(' ')} has failed`)
}

function checkTree() {
  const changes = git('status', '--porcelain')
  if (changes !== '') refuse(`the work tree has changes that are not committed:\n${changes}`)
}

function checkVersion({ version }) {
  const changelog = fs.readFileSync(path.join(root, 'CHANGELOG.md'), 'utf8')
  const latest = /^## (\S+)/m.exec(changelog)?.[1]
  if (latest !== version) refuse(`CHANGELOG.md begins with ${latest}, package.json has ${version}`)
  const tag = `v${version}`
  if (git('tag', '--list', tag) === '') refuse(`there is no tag ${tag}`)
  if (git('rev-list', '-1', tag) !== git('rev-parse', 'HEAD')) refuse(`the tag ${tag} is not on this commit`)
}

function checkProvenance({ repository }) {
  if (repository === undefined) {
    refuse(
      'package.json has no repository. A statement of provenance names it, and npm refuses one of another repository ' +
        'than the workflow runs in: add "repository": "github:OWNER/NAME", commit, and move the tag',
    )
  }
  if (process.env.CI === undefined) refuse('a statement of provenance is made in CI only')
}

const { values } = parseArgs({ options: { publish: { type: 'boolean', default: false } } })
const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
checkTree()
checkVersion(manifest)
if (values.publish) checkProvenance(manifest)

run('npm', 'ci', '--ignore-scripts')
fs.rmSync(path.join(root, 'prebuilds'), { recursive: true, force: true })
run('npm', 'run', 'prebuild', '--', '--verify')
run('npm', 'test')
run('npm', 'run', 'test:package')
checkTree() // nothing that is in git has changed on the way

const folder = path.join(root, 'build', 'release')
fs.rmSync(folder, { recursive: true, force: true })
fs.mkdirSync(folder, { recursive: true })
run('npm', 'pack', '--ignore-scripts', '--pack-destination', folder)
const tarball = path.join(folder, fs.readdirSync(folder)[0])
if (values.publish) run('npm', 'publish', tarball, '--ignore-scripts', '--provenance', '--access', 'public')
else console.log(`${tarball} is ready; --publish publishes it`)
