const message = 'the kit left'

/** What the kit aborts a call with. */
export function kitReason(): DOMException {
  return new DOMException(message, 'AbortError')
}

/** Whether an error is the reason of a call, maybe of another one. */
export function isKitReason(error: unknown): boolean {
  return error instanceof DOMException && error.message === message
}
