// heddle/otel: spans and metrics for OpenTelemetry. docs/trace.md says it at length.

/** What is told. */
export interface InstrumentOptions {
  /** A span for each call of a combinator, child of the active one; true. */
  traces?: boolean | undefined
  /** Gauges, counters and two histograms, all named `heddle.*`; true. */
  metrics?: boolean | undefined
  /** A span also for each member that ran for `longerThan` milliseconds or more; none without it. */
  members?: { longerThan: number } | undefined
  /** Instead of the global one of `@opentelemetry/api`. */
  tracerProvider?: { getTracer(name: string, version?: string): object } | undefined
  /** Instead of the global one of `@opentelemetry/api`. */
  meterProvider?: { getMeter(name: string, version?: string): object } | undefined
}

/**
 * Tells OpenTelemetry what this environment runs, by `@opentelemetry/api`, which is an optional
 * peer: install it, and an SDK. Light calls cost what full ones do meanwhile.
 *
 * @returns what ends it; spans of calls that go on end then
 * @throws HeddleError (`ERR_HEDDLE_MISSING_PEER`) without `@opentelemetry/api`; TypeError or
 *   RangeError for a bad or unknown option
 */
export declare function instrument(options?: InstrumentOptions): { stop(): void }
