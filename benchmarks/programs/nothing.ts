// A process that does nothing: what a cold start cannot be below.
import { print } from '../workload.ts'

const { user, system } = process.cpuUsage()
print({ ms: performance.now(), cpu: (user + system) / 1000, rss: process.resourceUsage().maxRSS / 1024 })
