import { quote } from './quote.ts'

/** Why a name cannot be a cluster's; `undefined`: it can. The dots are those of kOps, whose names are host names. */
export function clusterNameFault(name: unknown): string | undefined {
  if (typeof name !== 'string' || name === '') return 'the name of the cluster is missing'
  if (/^[0-9A-Za-z][\w.-]{0,99}$/.test(name)) return undefined
  return `${quote(name, 100)} is no name of a cluster: those are of letters, digits, "-" and "_", 100 at most`
}

/** Why this is no region; `undefined`: it is one. It becomes a part of a host name. */
export function regionFault(region: unknown): string | undefined {
  if (typeof region !== 'string' || region === '') return 'the region is missing'
  if (/^[a-z]{2,5}(?:-[a-z]{1,16}){1,4}-\d{1,2}$/.test(region)) return undefined
  return `${quote(region, 100)} is no region of AWS; one is "eu-central-1"`
}

/** Why this is no ARN of a role; `undefined`: it is one. */
export function roleFault(arn: string): string | undefined {
  if (/^arn:aws[a-z-]{0,16}:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/.test(arn)) return undefined
  return `${quote(arn, 100)} is no ARN of a role; one is "arn:aws:iam::123456789012:role/name"`
}
