const capacity = 500
const costOfRetry = 5
const refundOfAnswer = 1

/**
 * What a client may spend on retries. Each costs five, each answer of a server that is well gives one back, a 404 too: while it is down, calls that keep
 * failing are soon sent once instead of five times, and an outage is not multiplied.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html for the idea
 */
export class RetryBudget {
  #left = capacity

  spend(): boolean {
    if (this.#left < costOfRetry) return false
    this.#left -= costOfRetry
    return true
  }

  refund(): void {
    if (this.#left < capacity) this.#left += refundOfAnswer
  }
}
