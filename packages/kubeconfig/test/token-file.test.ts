import { rm } from 'node:fs/promises'
import type { CredentialContext, CredentialProvider } from '@kubeclient/core/spec'
import { isKubeError } from '@kubeclient/core/spec'
import { loadKubeconfig } from '@kubeclient/kubeconfig'
import { describe, expect, it } from 'vitest'
import { askedFor, providerIn } from './ask-provider.ts'
import { type Folder, temporaryFolder } from './folder.ts'
import { everythingShown, kubeconfigText, rejection } from './kubeconfig.ts'

async function provider(folder: Folder): Promise<CredentialProvider> {
  const path = await folder.write('config', kubeconfigText({ user: { tokenFile: 'token' } }))
  return providerIn(await loadKubeconfig({ path }))
}

describe('a token file', () => {
  it('is trimmed, and read again by the time that the token is to be renewed', async () => {
    const folder = temporaryFolder()
    await folder.write('token', ' one\n')
    const tokens = await provider(folder)

    const first = await tokens.getCredentials(askedFor('initial'))
    await folder.write('token', 'two')
    const second = await tokens.getCredentials(askedFor('expiring', first))

    expect(first).toEqual({ token: 'one', expiresAt: new Date(1_055_000) })
    expect(second.token).toBe('two')
  })

  it('is read again at once after a 401', async () => {
    const folder = temporaryFolder()
    await folder.write('token', 'one')
    const tokens = await provider(folder)
    await folder.write('token', 'two')

    expect(await tokens.getCredentials(askedFor('refused', { token: 'one' }))).toMatchObject({ token: 'two' })
  })

  it.each(['', 'hunter2\nhunter2'])('with %j keeps the last token', async (content) => {
    const folder = temporaryFolder()
    await folder.write('token', 'one')
    const tokens = await provider(folder)
    await folder.write('token', content)

    expect(await tokens.getCredentials(askedFor('expiring', { token: 'one' }))).toMatchObject({ token: 'one' })
  })

  it('that is gone after a 401 is an error that names it', async () => {
    const folder = temporaryFolder()
    const file = await folder.write('token', 'one')
    const tokens = await provider(folder)
    await rm(file)

    await expect(tokens.getCredentials(askedFor('refused', { token: 'one' }))).rejects.toMatchObject({
      code: 'KUBE_CREDENTIALS',
      message: `cannot read the token file ${file}: there is no such file`,
    })
  })

  it.each<[string, CredentialContext]>([
    ['after a 401', askedFor('refused', { token: 'one' })],
    ['at first', askedFor('initial')],
  ])('that cannot be used is an error %s', async (_, asked) => {
    const folder = temporaryFolder()
    await folder.write('token', 'one')
    const tokens = await provider(folder)
    await folder.write('token', 'hunter2\nhunter2')

    const error = await rejection(tokens.getCredentials(asked))

    expect(isKubeError(error, 'KUBE_CREDENTIALS') && error.provider).toBe('token-file')
    expect(error).toMatchObject({ message: expect.stringContaining(folder.path('token')) })
    expect(everythingShown(error)).not.toContain('hunter2')
  })
})
