import { rewriteUser } from '../src/rewrite-user.ts'

/** A process of its own that writes into a user's entry, `count` times: `persist-worker.ts FILE NAME COUNT`. */
const [, , file = '', name = '', count = '0'] = process.argv
for (let n = 0; n < Number(count); n += 1) {
  await rewriteUser(file, 'u', async (current) => {
    const config = current['auth-provider']?.config ?? {}
    const total = String(Number(config['total'] ?? 0) + 1)
    return { ...current, 'auth-provider': { name: 'oidc', config: { ...config, [`${name}-${n}`]: 'written', total } } }
  })
}
