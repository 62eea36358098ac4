import { isConflict, retryOnConflict } from '@kubeclient/core'
import { Lease, type LeaseSpec } from '@kubeclient/resources/coordination/v1'
import { client } from './client.ts'

const leases = client.resource(Lease, { namespace: 'kube-system' })

/** RFC 3339 with microseconds, as the server wants it. */
const now = (): string => new Date().toISOString().replace('Z', '000Z')

export async function hold(name: string, me: string): Promise<boolean> {
  const spec: LeaseSpec = { holderIdentity: me, leaseDurationSeconds: 15, renewTime: now() }
  const found = await leases.find(name)
  if (found === undefined) return (await leases.create({ metadata: { name }, spec })).spec?.holderIdentity === me
  if (found.spec?.holderIdentity !== me) return false
  try {
    await leases.replace({ ...found, spec: { ...found.spec, ...spec } })
    return true
  } catch (error) {
    if (isConflict(error)) return false
    throw error
  }
}

export const release = (name: string): Promise<Lease> =>
  retryOnConflict(async () => {
    const { spec, ...rest } = await leases.get(name)
    return leases.replace({
      ...rest,
      spec: { ...spec, holderIdentity: '', leaseTransitions: (spec?.leaseTransitions ?? 0) + 1 },
    })
  })
