import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createPrivateFolder } from '../../src/control-plane/create-private-folder.ts'

describe('a private folder', () => {
  it('may be entered by its owner only', async () => {
    const parent = await parentFolder()

    const folder = await createPrivateFolder(parent)

    expect(dirname(folder)).toBe(parent)
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
  })

  it('is in /tmp when the path of a socket in it would be too long otherwise', async () => {
    const folder = await createPrivateFolder(join(tmpdir(), 'x'.repeat(90)))
    onTestFinished(() => rm(folder, { recursive: true }))

    expect(dirname(folder)).toBe('/tmp')
  })
})

async function parentFolder(): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'p-'))
  onTestFinished(() => rm(parent, { recursive: true }))
  return parent
}
