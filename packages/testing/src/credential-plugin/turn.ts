/** Time for what a call does before it waits. */
export function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}
