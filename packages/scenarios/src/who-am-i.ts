import type { Client } from '@kubeclient/core'

interface UserInfo {
  readonly username: string
  readonly groups: readonly string[]
  readonly extra?: Readonly<Record<string, readonly string[]>>
}

/** Who the server says that we are. */
export async function whoAmI(client: Client): Promise<UserInfo> {
  const apiVersion = 'authentication.k8s.io/v1'
  const review = { apiVersion, kind: 'SelfSubjectReview' }
  const response = await client.request({
    path: `/apis/${apiVersion}/selfsubjectreviews`,
    method: 'POST',
    body: review,
  })
  const { status } = await response.json<{ status: { userInfo: UserInfo } }>()
  return status.userInfo
}
