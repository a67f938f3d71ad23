'use strict'
// The system's compiler: which one, and how it is told to make a library.

const path = require('node:path')
const { CommandError } = require('./errors.js')

const CXX = /\.(cc|cpp|cxx|c\+\+)$/i

const words = (text) => (text ?? '').split(/\s+/).filter((word) => word !== '')

/** Whether the sources are C++; they cannot be both. */
function isCxx(sources) {
  const count = sources.filter((source) => CXX.test(source)).length
  if (count > 0 && count < sources.length) {
    throw new CommandError(
      'C and C++ files take two compilers: build them with node-gyp, CMake or make instead, with the folder heddle.include for the headers',
    )
  }
  return count > 0
}

/** [program, ...its first arguments] */
function compilerFor(cxx, environment, platform) {
  const [name, usual] = cxx ? ['CXX', 'c++'] : ['CC', 'cc']
  const chosen = words(environment[name])
  if (chosen.length > 0) return chosen
  return [platform === 'win32' ? 'cl' : usual]
}

/** Whether it takes Microsoft's options. */
const isMsvc = (program) => /^(cl|clang-cl)(\.exe)?$/i.test(path.basename(program))

// What compilers let pass with a warning, and would crash. In C++ the others are errors anyway.
const FATAL = ['return-type', 'incompatible-pointer-types', 'int-conversion', 'implicit-function-declaration']

// The same of Microsoft's: no return on some path, pointers and numbers of other types, other
// parameters, a function without a prototype.
const FATAL_MSVC = [4715, 4716, 4047, 4133, 4024, 4028, 4113, 4013]

function unixArguments({ cxx, sources, output, include, debug, platform }) {
  const elf = platform !== 'darwin' && platform !== 'win32'
  return [
    cxx ? '-std=c++17' : '-std=c11',
    ...(debug ? ['-O0', '-g', '-DHEDDLE_DEBUG'] : ['-O3']),
    '-Wall',
    '-Wextra',
    ...(cxx ? FATAL.slice(0, 1) : FATAL).map((name) => `-Werror=${name}`),
    ...(platform === 'win32' ? [] : ['-fPIC', '-fvisibility=hidden']),
    '-shared',
    `-I${include}`,
    ...sources,
    '-o',
    output,
    // What is unresolved is an error here, not when the library is loaded.
    ...(elf ? ['-Wl,-z,defs', '-Wl,-z,now'] : []),
  ]
}

function msvcArguments({ cxx, sources, output, include, debug }) {
  return [
    '/nologo',
    '/LD',
    cxx ? '/std:c++17' : '/std:c11',
    ...(cxx ? ['/EHsc'] : []),
    ...(debug ? ['/Od', '/Zi', '/DHEDDLE_DEBUG'] : ['/O2']),
    '/W3',
    ...FATAL_MSVC.map((number) => `/we${number}`),
    `/I${include}`,
    ...sources,
    `/Fo${path.dirname(output)}${path.sep}`,
    `/Fe${output}`,
  ]
}

/**
 * The command that makes a library.
 * @param {{sources: string[], output: string, include: string, debug: boolean,
 *   more: string[]}} wanted `more` are further arguments for the compiler
 * @param {NodeJS.ProcessEnv} environment CC, CXX, CFLAGS, CXXFLAGS and LDFLAGS are heeded
 * @returns {{program: string, args: string[], variable: string}} `variable` names another one
 */
function compilerCommand(wanted, environment = process.env, platform = process.platform) {
  const cxx = isCxx(wanted.sources)
  const [program, ...first] = compilerFor(cxx, environment, platform)
  const flags = words(cxx ? environment.CXXFLAGS : environment.CFLAGS)
  const link = words(environment.LDFLAGS)
  const msvc = isMsvc(program)
  const own = (msvc ? msvcArguments : unixArguments)({ ...wanted, cxx, platform })
  const last = msvc || platform === 'win32' ? [] : ['-lm']
  return {
    program,
    args: [...first, ...own, ...flags, ...wanted.more, ...link, ...last],
    variable: cxx ? 'CXX' : 'CC',
  }
}

/** What to say where the compiler cannot be run. */
function missingCompiler({ program, variable }, reason) {
  const language = variable === 'CC' ? 'C' : 'C++'
  return `there is no ${language} compiler: '${program}' cannot be run (${reason}).
Install one, or name yours in the variable ${variable}:
  Debian, Ubuntu   apt install build-essential
  Fedora           dnf install gcc gcc-c++
  Alpine           apk add build-base
  macOS            xcode-select --install
  Windows          the Build Tools for Visual Studio, in a Developer Command Prompt`
}

module.exports = { compilerCommand, missingCompiler }
