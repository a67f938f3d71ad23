'use strict'
// Elements of HTML and SVG. Text goes into text nodes only, which escape themselves; attributes
// are the report's own and never hold anything from the results.

const SVG = 'http://www.w3.org/2000/svg'

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) element.setAttribute(name, String(value))
  }
  element.append(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined),
  )
  return element
}

/** @returns {{h: Function, s: Function}} makers of HTML and SVG elements: (tag, attributes, ...children) */
function makers(document) {
  return {
    h: (tag, attributes = {}, ...children) =>
      fill(document.createElement(tag), attributes, children),
    s: (tag, attributes = {}, ...children) =>
      fill(document.createElementNS(SVG, tag), attributes, children),
  }
}

module.exports = { makers, SVG }
