'use strict'
// What cases are made with: the harness, which `heddle bench` uses, too.

const bench = (name) => require(`../harness/${name}.js`)

module.exports = {
  ...bench('comparison'),
  ...bench('cpu'),
  ...bench('figures'),
  ...bench('memory'),
  ...bench('paired'),
  ...bench('rounds'),
  ...bench('row'),
  ...bench('spawn'),
}
