import { isAlreadyExists, isConflict } from '@kubeclient/core'
import { Lease } from './sample-kinds.ts'
import { client } from './client.ts'

/** One step of an election: true while we lead. */
export async function campaign(name: string, me: string, now: Date): Promise<boolean> {
  const leases = client.resource(Lease)
  const spec = { holderIdentity: me, leaseDurationSeconds: 15, renewTime: now.toISOString().replace('Z', '000Z') }
  try {
    const lease = await leases.find(name)
    if (lease === undefined) return (await leases.create({ metadata: { name }, spec })).spec?.holderIdentity === me
    const { holderIdentity, renewTime, leaseDurationSeconds = 15 } = lease.spec ?? {}
    const until = renewTime === undefined ? 0 : Date.parse(renewTime) + leaseDurationSeconds * 1000
    if (holderIdentity !== me && until > now.getTime()) return false
    await leases.replace({ ...lease, spec: { ...lease.spec, ...spec } })
    return true
  } catch (error) {
    if (isConflict(error) || isAlreadyExists(error)) return false
    throw error
  }
}
