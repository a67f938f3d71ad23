// How the examples print.

/** A line of a section. */
export const print = (line) => console.log(`  ${line}`)

/**
 * Prints a title, runs what belongs to it, and says how long that took.
 * @param {string} title
 * @param {() => unknown} body may be async
 */
export async function section(title, body) {
  console.log(title)
  const began = performance.now()
  await body()
  console.log(`  took ${((performance.now() - began) / 1000).toFixed(2)} s\n`)
}
