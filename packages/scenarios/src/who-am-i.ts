import type { Client } from '@kubeclient/core'
import { SelfSubjectReview, type UserInfo } from '@kubeclient/resources/authentication/v1'

/** Who the server says that we are. */
export async function whoAmI(client: Client): Promise<UserInfo> {
  const { status } = await client.resource(SelfSubjectReview).create({})
  if (status?.userInfo === undefined) throw new Error('a SelfSubjectReview is answered with a user')
  return status.userInfo
}
