import { describe, expect, it } from 'vitest'
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

describe.each([
  ['aws', ['--region', 'eu-central-1', 'eks', 'get-token', '--cluster-name', 'demo'], 'eks'],
  ['/usr/local/bin/aws', ['eks', 'get-token', '--cluster-name', 'demo'], 'eks'],
  [String.raw`C:\aws\aws.EXE`, ['eks', 'get-token', '--cluster-name', 'demo'], 'eks'],
  ['aws-iam-authenticator', ['token', '-i', 'demo'], 'eks'],
  ['heptio-authenticator-aws', ['token', '-i', 'demo'], 'eks'],
  ['gke-gcloud-auth-plugin', undefined, 'gcp'],
  ['./gke-gcloud-auth-plugin', [], 'gcp'],
])('the command %s with %j', (command, args, name) => {
  const user = { exec: { ...exec, command, ...(args !== undefined && { args }) } }
  const native = `npm install @kubeclient/auth-${name} and pass { plugins: [${name}Auth()] }, which runs nothing; or npm install @kubeclient/auth-exec`

  it(`leads to auth-${name}, or to auth-exec`, () => {
    expect(pluginHint(user, '/home/me/.kube')).toContain(native)
  })

  it(`leads to auth-exec alone where the plugin "${name}" is there and did not take it`, () => {
    const hint = pluginHint(user, '/home/me/.kube', [name])
    expect(hint).toContain('npm install @kubeclient/auth-exec')
    expect(hint).not.toContain(`auth-${name} `)
  })
})

it.each([
  ['aws', ['sts', 'get-caller-identity']],
  ['aws', undefined],
  ['laws', ['eks', 'get-token']],
  ['__proto__', ['eks', 'get-token']],
])('the command %s with %j leads to auth-exec alone', (command, args) => {
  const hint = pluginHint({ exec: { ...exec, command, ...(args !== undefined && { args }) } }, undefined)
  expect(hint).toMatch(/; npm install @kubeclient\/auth-exec and pass [^;]*$/)
})
