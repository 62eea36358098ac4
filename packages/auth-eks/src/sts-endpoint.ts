import { ConfigError } from '@kubeclient/core/spec'

export interface StsVariant {
  readonly fips: boolean
  readonly dualstack: boolean
  /** The global host where AWS's tools once took it: `AWS_STS_REGIONAL_ENDPOINTS=legacy`. */
  readonly legacy?: boolean
}

/** Where AWS would be asked who signed a token, and for which region the token is signed. */
export interface StsEndpoint {
  readonly host: string
  readonly region: string
}

interface Partition {
  readonly prefix: string
  readonly suffix: string
  /** Absent: it has no dual-stack hosts. */
  readonly dualstack?: string
  /** Its usual hosts are FIPS hosts. */
  readonly alwaysFips?: true
}

const partitions: readonly Partition[] = [
  { prefix: 'us-gov-', suffix: 'amazonaws.com', dualstack: 'api.aws', alwaysFips: true },
  { prefix: 'cn-', suffix: 'amazonaws.com.cn', dualstack: 'api.amazonwebservices.com.cn' },
  { prefix: 'us-iso-', suffix: 'c2s.ic.gov', dualstack: 'api.aws.ic.gov' },
  { prefix: 'us-isob-', suffix: 'sc2s.sgov.gov', dualstack: 'api.aws.scloud' },
  { prefix: 'eu-isoe-', suffix: 'cloud.adc-e.uk' },
  { prefix: 'us-isof-', suffix: 'csp.hci.ic.gov' },
  { prefix: 'eusc-', suffix: 'amazonaws.eu', dualstack: 'api.amazonwebservices.eu' },
]

/** Where every other region is, those that are not known yet included. */
const commercial: Partition = { prefix: '', suffix: 'amazonaws.com', dualstack: 'api.aws' }

/** Regions that had no host of their own when the global one was the default. */
const legacyRegions: ReadonlySet<string> = new Set([
  'ap-northeast-1',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
])

/**
 * The host of AWS's Security Token Service for a region that has been checked.
 *
 * @throws {@link ConfigError} when there is no such host
 * @see https://docs.aws.amazon.com/general/latest/gr/sts.html
 */
export function stsEndpoint(region: string, { fips, dualstack, legacy = false }: StsVariant): StsEndpoint {
  if (legacy && !fips && !dualstack && legacyRegions.has(region)) {
    return { host: 'sts.amazonaws.com', region: 'us-east-1' }
  }
  const partition = partitions.find(({ prefix }) => region.startsWith(prefix)) ?? commercial
  const suffix = dualstack ? partition.dualstack : partition.suffix
  if (suffix === undefined) throw new ConfigError(`AWS has no dual-stack endpoint in ${region}: leave "dualstack" out`)
  const isFips = fips && (dualstack || partition.alwaysFips !== true)
  return { host: `sts${isFips ? '-fips' : ''}.${region}.${suffix}`, region }
}
