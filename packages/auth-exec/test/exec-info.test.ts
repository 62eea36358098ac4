import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { AuthInfoContext, ExecConfig } from '@kubeclient/core/spec'
import { describe, expect, it } from 'vitest'
import { childEnv } from '../src/child-env.ts'
import { printsToken, print, script, signIn, temporaryFolder, v1, v1beta1 } from './support/sign-in.ts'

const fullCluster: AuthInfoContext['cluster'] = {
  server: 'https://example.com/k8s/clusters/c-1',
  tls: { ca: async () => 'the CA', serverName: 'kubernetes', clientCertificate: { cert: 'mine', key: 'mine' } },
  proxyUrl: 'http://proxy:3128',
  disableCompression: true,
  extensions: [
    { name: 'other', extension: 1 },
    { name: 'client.authentication.k8s.io/exec', extension: { audience: 'a', n: 1.5, nothing: null } },
  ],
}

/** What a command finds in KUBERNETES_EXEC_INFO. */
async function infoFor(exec: Partial<ExecConfig>, cluster?: AuthInfoContext['cluster']): Promise<unknown> {
  const folder = temporaryFolder()
  const prints = exec.apiVersion === v1beta1 ? print({ apiVersion: v1beta1, status: { token: 't' } }) : printsToken
  const command = await script(
    path.join(folder, 'plugin'),
    `printf %s "$KUBERNETES_EXEC_INFO" > '${folder}/info'`,
    prints,
  )
  await signIn({ exec: { command, ...exec }, context: cluster === undefined ? {} : { cluster } })
  return JSON.parse(await readFile(path.join(folder, 'info'), 'utf8'))
}

describe('KUBERNETES_EXEC_INFO', () => {
  it.each([v1, v1beta1])('has the apiVersion %s of the entry, and no cluster', async (apiVersion) => {
    expect(await infoFor({ apiVersion }, fullCluster)).toEqual({
      kind: 'ExecCredential',
      apiVersion,
      spec: { interactive: false },
    })
  })

  it('tells about the cluster when the entry asks for it, and nothing about the user', async () => {
    expect(await infoFor({ provideClusterInfo: true }, fullCluster)).toEqual({
      kind: 'ExecCredential',
      apiVersion: v1,
      spec: {
        interactive: false,
        cluster: {
          server: 'https://example.com/k8s/clusters/c-1',
          'tls-server-name': 'kubernetes',
          'certificate-authority-data': Buffer.from('the CA').toString('base64'),
          'proxy-url': 'http://proxy:3128',
          'disable-compression': true,
          config: { audience: 'a', n: 1.5, nothing: null },
        },
      },
    })
  })

  it('says when the server is not verified, and has a null where there is no extension', async () => {
    const cluster = { server: 'https://a', tls: { insecureSkipVerify: true }, extensions: [] }

    expect(await infoFor({ provideClusterInfo: true }, cluster)).toMatchObject({
      spec: { cluster: { server: 'https://a', 'insecure-skip-tls-verify': true, config: null } },
    })
  })

  it('cannot be replaced by the entry', async () => {
    expect(await infoFor({ env: [{ name: 'KUBERNETES_EXEC_INFO', value: '{}' }] })).toMatchObject({
      kind: 'ExecCredential',
    })
  })
})

describe('the environment on Windows', () => {
  it('has each variable once, in whatever case it is written', () => {
    const env = childEnv({ platform: 'win32', env: { Path: 'a', HOME: 'h' } }, [{ name: 'PATH', value: 'b' }], 'info')

    expect({ ...env }).toEqual({ PATH: 'b', HOME: 'h', KUBERNETES_EXEC_INFO: 'info' })
  })

  it('elsewhere distinguishes case', () => {
    const env = childEnv({ platform: 'linux', env: { Path: 'a' } }, [{ name: 'PATH', value: 'b' }], 'info')

    expect({ ...env }).toEqual({ Path: 'a', PATH: 'b', KUBERNETES_EXEC_INFO: 'info' })
  })
})
