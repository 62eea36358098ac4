import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gcpMetadata } from 'google-auth-library'
import { afterEach, beforeEach, onTestFinished, vi } from 'vitest'

/** For each test: nothing of Google is set up, and this is no machine of Google's. */
export function useNoGoogle(): void {
  beforeEach(() => {
    for (const name of Object.keys(process.env))
      if (/^(?:GOOGLE_|CLOUDSDK_|GCE_|GCLOUD_|https?_proxy$)/i.test(name)) vi.stubEnv(name, undefined)
    vi.stubEnv('METADATA_SERVER_DETECTION', 'none')
    vi.stubEnv('CLOUDSDK_CONFIG', temporaryFolder())
    gcpMetadata.setGCPResidency(false)
  })
  afterEach(() => vi.unstubAllEnvs())
}

/** Goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'auth-gcp-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
