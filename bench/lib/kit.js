'use strict'
// What cases are made with: lib/bench, which `heddle bench` uses, too.

const bench = (name) => require(`../../lib/bench/${name}.js`)

module.exports = {
  ...bench('comparison'),
  ...bench('figures'),
  ...bench('memory'),
  ...bench('rounds'),
  ...bench('row'),
  ...bench('spawn'),
}
