import { CommandError, defineModule, implement } from '@mi/contract'
import { createMi } from '@mi/core'
import { createScript } from '@mi/script'

const dialog = defineModule('dialog', { list: { aliases: ['dlg_list'], recipes: [{}, { callid: 'string' }] } })
const dialogModule = implement(dialog, {
  list({ callid = 'any' }) {
    if (callid === 'unknown') throw new CommandError(404, 'No such dialog')
    return { callid, state: 4 }
  },
})
const mi = createMi({ modules: [dialogModule] })

const script = createScript(mi)
const [ret, params, vals] = [script.var('ret'), script.avp('params'), script.avp('vals')]
params.push('callid')
vals.push('a84b4c76e66710')
console.log(script.mi('dlg_list', ret, params, vals), ret.get())
console.log(script.mi('dlg_list unknown', ret), ret.get())
console.log(await script.async.mi('dlg_list', ret), ret.get())
await mi.close()
