// Signs in with the command and the interactiveMode that it is given, and prints the token or the error. With a third argument
// it takes its standard input for a terminal.
import type { ExecConfig } from '@kubeclient/core/spec'
import { execProvider } from '../../src/exec-provider.ts'
import { nodeHost } from '../../src/host.ts'

const [command = '', interactiveMode = 'Never', terminal] = process.argv.slice(2)
const provider = execProvider(
  {
    apiVersion: 'client.authentication.k8s.io/v1',
    command,
    interactiveMode: interactiveMode as NonNullable<ExecConfig['interactiveMode']>, // the tests pass nothing else
  },
  { userName: 'u', cluster: { server: 'https://127.0.0.1:6443', tls: {}, extensions: [] }, directory: '/' },
  {
    allow: 'any',
    timeoutMs: 10_000,
    onStderr: (text) => process.stderr.write(text),
    host: terminal === undefined ? nodeHost() : { ...nodeHost(), isTerminal: () => true },
  },
)
try {
  const credentials = await provider.getCredentials({
    signal: new AbortController().signal,
    reason: 'initial',
    now: Date.now,
    fetch: () => Promise.reject(new Error('no network is needed')),
  })
  console.log(credentials.token)
} catch (error) {
  console.log(error instanceof Error ? error.message : error)
}
