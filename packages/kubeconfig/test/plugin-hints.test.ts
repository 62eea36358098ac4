import { expect, it } from 'vitest'
import { pluginHint } from '../src/plugin-hints.ts'

const exec = { apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never' } as const

it.each([
  ['./bin/sign-in', '/home/me/.kube', '/home/me/.kube/bin/sign-in'],
  ['bin/sign-in', '/home/me/.kube', '/home/me/.kube/bin/sign-in'],
  ['../sign-in', '/home/me/.kube', '/home/me/.kube/../sign-in'],
  ['/opt/sign-in', '/home/me/.kube', '/opt/sign-in'],
  [String.raw`C:\bin\sign-in.exe`, String.raw`C:\me`, String.raw`C:\bin\sign-in.exe`],
  ['sign-in', '/home/me/.kube', 'sign-in'],
  ['./bin/sign-in', undefined, './bin/sign-in'],
])('the command %s of a kubeconfig in %s is allowed as %s', (command, directory, path) => {
  expect(pluginHint({ exec: { ...exec, command } }, directory)).toContain(`allow: [${JSON.stringify(path)}]`)
})
