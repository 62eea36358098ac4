/** On stderr, unless the program listens to `process.on('warning')`. */
export function emitWarning(text: string): void {
  process.emitWarning(text, { code: 'KUBECLIENT_OIDC' })
}
