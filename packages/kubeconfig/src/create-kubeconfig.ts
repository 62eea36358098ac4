import type { AuthInfo, AuthInfoContext, ClientConfig, Middleware } from '@kubeclient/core/spec'
import { askPlugins, checkPlugins } from './ask-plugins.ts'
import { authInfoOf } from './auth-info.ts'
import { clearTextRoute, type ClusterSettings, clusterSettings, serverText } from './cluster-settings.ts'
import type { ClusterFields, ContextFields, Entry, KubeconfigDocument, UserFields } from './document.ts'
import type { Host } from './host.ts'
import { impersonationOf } from './impersonation.ts'
import type { ClientConfigOptions, ContextInfo, Kubeconfig } from './kubeconfig.ts'
import { type Place, quote, quoteAll, warning } from './place.ts'
import { type ResolvedContext, resolveContext } from './resolve-context.ts'
import { staticCredentials } from './static-credentials.ts'

/** @param host - absent: nothing is read from disk, whatever the document says */
export function createKubeconfig(document: KubeconfigDocument, whole: Place, host?: Host): Kubeconfig {
  return {
    contexts: [...document.contexts.values()].map(contextInfo),
    ...(document.currentContext !== undefined && { currentContext: document.currentContext.name }),
    async clientConfig(options = {}) {
      const { plugins = [] } = options
      checkPlugins(plugins, whole)
      return clientConfig(resolveContext(document, options.context, whole), options, host)
    },
  }
}

function contextInfo({ name, fields: { cluster, user, namespace } }: Entry<ContextFields>): ContextInfo {
  return {
    name,
    cluster: cluster ?? '',
    ...(user !== undefined && { user }),
    ...(namespace !== undefined && { namespace }),
  }
}

const ignore = (): void => undefined

type Identity = Pick<ClientConfig, 'credentials' | 'impersonate'> &
  Pick<NonNullable<ClientConfig['tls']>, 'clientCertificate'>

async function clientConfig(
  resolved: ResolvedContext,
  options: ClientConfigOptions,
  host: Host | undefined,
): Promise<ClientConfig> {
  const { cluster, user, context } = resolved
  warnOfUnknownFields(resolved, options)
  const settings = await clusterSettings(cluster, host, options.onWarning ?? ignore)
  const { clientCertificate, ...identity } =
    user === undefined ? {} : await identityOf(user, resolved, settings, options, host)
  const tls = { ...settings.tls, ...(clientCertificate !== undefined && { clientCertificate }) }
  return {
    server: serverText(settings.server),
    ...(Object.keys(tls).length > 0 && { tls }),
    ...identity,
    ...(context.fields.namespace !== undefined && { namespace: context.fields.namespace }),
    ...(settings.proxy !== undefined && { proxy: settings.proxy }),
    ...(cluster.fields['disable-compression'] === true && { middleware: [uncompressed] }),
  }
}

async function identityOf(
  user: Entry<UserFields>,
  { cluster }: ResolvedContext,
  settings: ClusterSettings,
  { plugins = [], onWarning = ignore }: ClientConfigOptions,
  host: Host | undefined,
): Promise<Identity> {
  const authInfo = authInfoOf(user)
  const impersonate = impersonationOf(user)
  const route = clearTextRoute(settings)
  if (route !== undefined) {
    if (hasIdentity(authInfo)) {
      const reason = `the server of cluster ${quote(cluster.name)} is ${route}, where everybody on the way could read them`
      onWarning(warning(user.place, `its credentials and impersonation are not used: ${reason}`))
    }
    return {}
  }
  const isTls = settings.server.protocol === 'https:'
  const own = await staticCredentials(user, { host, isTls, warn: onWarning })
  const provider =
    own === undefined ? askPlugins(user, authInfo, pluginContext(user, cluster, settings, host), plugins) : undefined
  return {
    ...own,
    ...(provider !== undefined && { credentials: provider }),
    ...(impersonate !== undefined && { impersonate }),
  }
}

/** `disable-compression`: answers come as they are, whatever the client would ask for. */
const uncompressed: Middleware = (request, next) =>
  next({ ...request, headers: { 'accept-encoding': 'identity', ...request.headers } })

function pluginContext(
  user: Entry<UserFields>,
  cluster: Entry<ClusterFields>,
  { server, tls, proxy }: ClusterSettings,
  host: Host | undefined,
): AuthInfoContext {
  const { directory, file } = user.place.source
  return {
    userName: user.name,
    cluster: {
      server: serverText(server),
      tls,
      ...(proxy !== undefined && { proxyUrl: proxy }),
      ...(cluster.fields['disable-compression'] === true && { disableCompression: true }),
      extensions: cluster.fields.extensions ?? [],
    },
    ...(directory !== undefined && { directory }),
    ...(host !== undefined &&
      file !== undefined && { persist: async (update) => host.rewriteUser(file, user.name, update) }),
  }
}

function hasIdentity(authInfo: AuthInfo): boolean {
  return Object.keys(authInfo).some((field) => field !== 'extensions')
}

/** kubectl ignores them too, but a misspelt `tokenFile` is a user who wonders why he is anonymous. */
function warnOfUnknownFields({ cluster, context, user }: ResolvedContext, { onWarning }: ClientConfigOptions): void {
  for (const entry of user === undefined ? [context, cluster] : [context, cluster, user]) {
    const [first] = entry.unknown
    if (first === undefined) continue
    onWarning?.(warning(entry.place, `ignores what is no field of a kubeconfig: ${quoteAll(entry.unknown)}`, first))
  }
}
