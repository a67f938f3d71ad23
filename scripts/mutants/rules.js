'use strict'
// What is broken: places of a source file where a rule puts other words.

const WORD = /[\w$)\]'"`]/

// What is no code is passed over: comments, strings, lines of C's preprocessor, and
// in JavaScript regular expressions and templates.
const always = [
  /\/\*[^]*?\*\//y,
  /\/\/.*/y,
  /'(?:\\.|[^'\\\n])*'/y,
  /"(?:\\.|[^"\\\n])*"/y,
]
const skips = {
  c: [...always, /^[ \t]*#(?:.*\\\n)*.*/my],
  js: [...always, /`(?:\\.|[^`\\])*`/y],
}
const REGEX = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y

/** The text with blanks for what is no code: as long, with the same lines. */
function code(text, language) {
  let kept = ''
  let at = 0
  const blank = (length) => {
    kept += text.slice(at, at + length).replace(/[^\n]/g, ' ')
    at += length
  }
  const matched = (pattern) => {
    pattern.lastIndex = at
    return pattern.exec(text)?.[0].length ?? 0
  }
  const isRegex = () => language === 'js' && !WORD.test(kept.trimEnd().at(-1) ?? '')
  while (at < text.length) {
    const skip = skips[language].map(matched).find((length) => length > 0)
    if (skip !== undefined) blank(skip)
    else if (text[at] === '/' && isRegex()) blank(matched(REGEX) || 1)
    else kept += text[at++]
  }
  return kept
}

const other = (pairs) => (match) => pairs[match]

// Each: a name, where, what instead. Where there is a group, only that is replaced.
const both = [
  ['bound', / (<|<=|>|>=) /g, other({ '<': '<=', '<=': '<', '>': '>=', '>=': '>' })],
  ['opposite', / (<|<=|>|>=) /g, other({ '<': '>=', '<=': '>', '>': '<=', '>=': '<' })],
  ['equal', / ([=!]==?) /g, (match) => (match[0] === '!' ? '=' : '!') + match.slice(1)],
  ['logic', / (&&|\|\|) /g, other({ '&&': '||', '||': '&&' })],
  ['arithmetic', /[\w)\]] ([+*/-]) (?=[\w(])/g, other({ '+': '-', '-': '+', '*': '/', '/': '*' })],
  ['assign', / ([+-]=) /g, other({ '+=': '-=', '-=': '+=' })],
  ['count', /(\+\+|--)/g, other({ '++': '--', '--': '++' })],
  ['bool', /\b(true|false)\b/g, other({ true: 'false', false: 'true' })],
  ['number', /(?<![\w.])([01])(?![\w.])/g, other({ 0: '1', 1: '0' })],
  ['not', /(?<![!=\w])(!)(?=[\w(#])/g, () => ''],
  ['always', /\bif \((?=[^\n]*\))/g, null], // the condition is true
  ['never', /\bif \((?=[^\n]*\))/g, null],
]
const rules = {
  c: [...both, ['statement', /^[ \t]+((?:\(void\))?[\w.>[\]-]+\([^;{}]*\);)$/gm, () => ';']],
  js: [
    ...both,
    ['statement', /^[ \t]+((?:await |void )?[\w.#?[\]]+\([^{}\n]*\))$/gm, () => ''],
    ['nullish', /\?(\?) /g, null],
    ['optional', /(\?)\.(?=[\w#[(])/g, () => ''],
  ],
}

/** The end of what a parenthesis begins. */
function closing(text, from) {
  let depth = 1
  for (let at = from; at < text.length; at++) {
    if (text[at] === '(') depth++
    else if (text[at] === ')' && --depth === 0) return at
  }
  return -1
}

/** All mutants of a file: {rule, at, length, instead}. */
function mutantsOf(text, language) {
  const plain = code(text, language)
  const found = []
  for (const [rule, pattern, instead] of rules[language]) {
    for (const match of plain.matchAll(pattern)) {
      if (rule === 'always' || rule === 'never') {
        const from = match.index + match[0].length
        const end = closing(plain, from)
        if (end > 0) {
          const condition = text.slice(from, end)
          const words = rule === 'always' ? `(${condition}) || true` : `(${condition}) && false`
          found.push({ rule, at: from, length: end - from, instead: words })
        }
      } else if (rule === 'nullish') {
        found.push({ rule, at: match.index, length: 2, instead: '&&' })
      } else {
        const at = match.index + match[0].indexOf(match[1])
        found.push({ rule, at, length: match[1].length, instead: instead(match[1]) })
      }
    }
  }
  return found
}

module.exports = { mutantsOf }
