import type { MiClient } from '@mi/client'
import type { CommandContract } from '@mi/contract'
import { releases } from '@mi/opensips/releases'

/** Calls a command of an OpenSIPS 3.5 server, which knows `dlg_list` and not `dialog:list`. */
export async function callOn35(client: MiClient, { method }: CommandContract, params?: object): Promise<unknown> {
  const [name] = releases[method]?.['3.5']?.names ?? []
  if (name === undefined) throw new Error(`OpenSIPS 3.5 has no ${method}`)
  return client.call(name, params)
}
