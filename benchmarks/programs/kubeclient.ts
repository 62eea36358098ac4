import { createClient } from '@kubeclient/core'
import { measureKubeclient } from '../kubeclient-program.ts'

await measureKubeclient(createClient)
