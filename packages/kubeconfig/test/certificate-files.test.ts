import { rm } from 'node:fs/promises'
import type { CredentialProvider } from '@kubeclient/core/spec'
import { loadKubeconfig } from '@kubeclient/kubeconfig'
import { describe, expect, it } from 'vitest'
import { askedFor, now, providerIn } from './ask-provider.ts'
import { type Folder, temporaryFolder } from './folder.ts'
import { base64, everythingShown, fixture, kubeconfigText, rejection } from './kubeconfig.ts'

const pair = { cert: fixture('client.pem'), key: fixture('client-key.pem') }
const newer = { cert: fixture('other-client.pem'), key: fixture('other-key.pem') }
const files = { 'client-certificate': 'client.pem', 'client-key': 'client-key.pem' }

async function writePair(folder: Folder, { cert, key }: { cert: string; key: string }): Promise<void> {
  await folder.write('client.pem', cert)
  await folder.write('client-key.pem', key)
}

async function provider(folder: Folder, user: object = files): Promise<CredentialProvider> {
  await writePair(folder, pair)
  return providerIn(await loadKubeconfig({ path: await folder.write('config', kubeconfigText({ user })) }))
}

describe('client certificate files', () => {
  it('are read again by the time that the credentials are to be renewed, which is after 5 minutes', async () => {
    const folder = temporaryFolder()
    const certificates = await provider(folder)

    const first = await certificates.getCredentials(askedFor('initial'))
    await writePair(folder, newer)
    const second = await certificates.getCredentials(askedFor('expiring', first))

    // Clients renew a tenth of the lifetime early.
    expect(first).toEqual({ clientCertificate: pair, expiresAt: new Date(now + 330_000) })
    expect(second.clientCertificate).toEqual(newer)
  })

  it('are read again at once after a 401', async () => {
    const folder = temporaryFolder()
    const certificates = await provider(folder)
    await writePair(folder, newer)

    const answer = await certificates.getCredentials(askedFor('refused', { clientCertificate: pair }))

    expect(answer.clientCertificate).toEqual(newer)
  })

  it.each<[string, (folder: Folder) => Promise<unknown>]>([
    ['the certificate is new and its key is not', (folder) => folder.write('client.pem', newer.cert)],
    ['one of them is gone', (folder) => rm(folder.path('client-key.pem'))],
    ['one of them is half written', (folder) => folder.write('client.pem', pair.cert.slice(0, 100))],
  ])('keep the last pair for a moment while %s', async (_, change) => {
    const folder = temporaryFolder()
    const certificates = await provider(folder)
    await change(folder)

    const answer = await certificates.getCredentials(askedFor('expiring', { clientCertificate: pair }))

    expect(answer).toEqual({ clientCertificate: pair, expiresAt: new Date(now + 10_000) })
  })

  it('that cannot be used after a 401 are an error that names field and file, and shows no key', async () => {
    const folder = temporaryFolder()
    const certificates = await provider(folder)
    await folder.write('client-key.pem', 'hunter2')

    const error = await rejection(certificates.getCredentials(askedFor('refused', { clientCertificate: pair })))

    expect(error).toMatchObject({ message: expect.stringContaining('"client-key" is not PEM') })
    expect(error).toMatchObject({ file: folder.path('config') })
    expect(everythingShown(error)).not.toContain('hunter2')
  })

  it('are of no use to an http server, and come with no provider then', async () => {
    const folder = temporaryFolder()
    await writePair(folder, pair)
    const parts = { cluster: { server: 'http://127.0.0.1:8001' }, user: { ...files, token: 't' } }
    const warnings: string[] = []

    const config = await loadKubeconfig({
      path: await folder.write('config', kubeconfigText(parts)),
      onWarning: ({ text }) => warnings.push(text),
    })

    expect(config).toEqual({ server: 'http://127.0.0.1:8001', credentials: { token: 't' } })
    expect(warnings).toEqual([expect.stringContaining('its client certificate is not used, as the server is http')])
  })

  it.each<[string, object, object]>([
    ['a token', { token: 't' }, { token: 't' }],
    ['basic authentication', { username: 'u', password: 'p' }, { basic: { username: 'u', password: 'p' } }],
  ])('come with %s', async (_, fields, expected) => {
    const certificates = await provider(temporaryFolder(), { ...files, ...fields })

    expect(await certificates.getCredentials(askedFor('initial'))).toEqual({
      ...expected,
      clientCertificate: pair,
      expiresAt: new Date(now + 330_000),
    })
  })

  it('come with a token file, and are then read as often as that', async () => {
    const folder = temporaryFolder()
    await folder.write('token', 'one')
    const certificates = await provider(folder, { ...files, tokenFile: 'token' })
    await folder.write('token', 'two')

    expect(await certificates.getCredentials(askedFor('expiring', { token: 'one', clientCertificate: pair }))).toEqual({
      token: 'two',
      clientCertificate: pair,
      expiresAt: new Date(now + 55_000),
    })
  })

  it('may have a partner that is in the kubeconfig', async () => {
    const user = { 'client-certificate': 'client.pem', 'client-key-data': base64(pair.key) }
    const certificates = await provider(temporaryFolder(), user)

    expect(await certificates.getCredentials(askedFor('initial'))).toMatchObject({ clientCertificate: pair })
  })
})
