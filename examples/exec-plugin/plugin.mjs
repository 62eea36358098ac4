#!/usr/bin/env node
// What a kubeconfig may name as its command: prints an ExecCredential. A real one would ask an identity provider for the token.
const { apiVersion } = JSON.parse(process.env.KUBERNETES_EXEC_INFO)
const expirationTimestamp = new Date(Date.now() + 10 * 60_000).toISOString()
console.error('plugin: signing in') // for people; the credential goes to stdout
console.log(
  JSON.stringify({
    apiVersion,
    kind: 'ExecCredential',
    status: { token: process.env.EXAMPLE_TOKEN, expirationTimestamp },
  }),
)
