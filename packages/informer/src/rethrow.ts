/** An error of the application's own function, as an event listener's: uncaught, so that it is seen, and in nobody's way. */
export function rethrow(error: unknown): void {
  queueMicrotask(() => {
    throw error
  })
}
