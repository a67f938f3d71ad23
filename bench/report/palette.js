'use strict'
// The colours of the light scheme, as attributes in the charts for viewers that read no style
// sheet. theme.css has both schemes; a test keeps the two alike.

module.exports = {
  background: '#ffffff',
  text: '#1c2330',
  muted: '#566072',
  line: '#dfe3ea',
  ours: '#1d5fc4',
  theirs: '#8b94a5',
  slower: '#c2410c',
  series: [
    '#1d5fc4',
    '#c2410c',
    '#0b7f5f',
    '#a23a93',
    '#8a6a00',
    '#1786b8',
    '#6b7280',
    '#7a4df0',
    '#b0185f',
    '#4d7c0f',
    '#155e75',
    '#78350f',
  ],
}
