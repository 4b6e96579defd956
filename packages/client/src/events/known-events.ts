/** A parameter of an event: OpenSIPS knows texts and integers, and sends an absent text as null. */
export type EventValue = string | number | null

/**
 * Parameters by name; a list where the event has no names for them; undefined where it has no parameters. A name that the event
 * repeats (`raise_event` with several values of one AVP) has a list of its values, in the order in which they arrived.
 */
export type EventParams =
  | Readonly<Record<string, EventValue | readonly EventValue[]>>
  | readonly EventValue[]
  | undefined

type Text = string | null

interface Contact {
  readonly domain: Text
  readonly aor: Text
  readonly uri: Text
  readonly received: Text
  readonly path: Text
  readonly qval: number
  readonly user_agent: Text
  readonly socket: Text
  readonly bflags: number
  readonly expires: number
  readonly callid: Text
  readonly cseq: number
  readonly attr: Text
  readonly latency: number
  readonly shtag: Text
}

interface AddressOfRecord {
  readonly domain: Text
  readonly aor: Text
}

interface MemoryThreshold {
  readonly usage: number
  readonly threshold: number
  readonly used: number
  readonly size: number
}

/**
 * The parameters of events, as the manuals of OpenSIPS 3.5 have them. Those of a release may lack some or have more; they
 * are not checked. A program adds its own: `declare module '@mi/client' { interface KnownEvents { E_MINE: {...} } }`.
 * Source: Interface-CoreEvents 3.5; the modules' manuals, "Exported Events".
 */
export interface KnownEvents {
  E_CORE_THRESHOLD: { readonly source: Text; readonly time: number; readonly extra: Text }
  E_CORE_PKG_THRESHOLD: MemoryThreshold & { readonly pid: number }
  E_CORE_SHM_THRESHOLD: MemoryThreshold
  E_CORE_PROC_AUTO_SCALE: {
    readonly group_type: Text
    readonly group_filter: Text
    readonly group_load: number
    readonly scale: 'up' | 'down'
    readonly process_id: number
    readonly pid: number
  }
  E_CORE_TCP_DISCONNECT: {
    readonly src_ip: Text
    readonly src_port: number
    readonly dst_ip: Text
    readonly dst_port: number
    readonly proto: Text
  }
  E_CORE_SR_STATUS_CHANGED: {
    readonly group: Text
    readonly identifier: Text
    readonly status: number
    readonly details: Text
    readonly old_status: number
  }
  E_CORE_LOG: {
    readonly time: EventValue
    readonly pid: number
    readonly level: Text
    readonly module: Text
    readonly function: Text
    readonly prefix: Text
    readonly message: Text
  }
  E_PIKE_BLOCKED: { readonly ip: Text }
  E_DLG_STATE_CHANGED: {
    readonly id: Text
    readonly db_id: EventValue
    readonly callid: Text
    readonly from_tag: Text
    readonly to_tag: Text
    readonly old_state: number
    readonly new_state: number
  }
  E_UL_AOR_INSERT: AddressOfRecord
  E_UL_AOR_DELETE: AddressOfRecord
  E_UL_CONTACT_INSERT: Contact
  E_UL_CONTACT_DELETE: Contact
  E_UL_CONTACT_UPDATE: Contact
  E_DISPATCHER_STATUS: {
    readonly partition: Text
    readonly group: EventValue
    readonly address: Text
    readonly status: 'active' | 'inactive'
  }
  E_LOAD_BALANCER_STATUS: {
    readonly group: EventValue
    readonly uri: Text
    readonly status: 'enabled' | 'disabled'
  }
  E_RTPPROXY_STATUS: { readonly socket: Text; readonly status: 'active' | 'inactive' }
  E_RTPPROXY_DTMF: {
    readonly digit: EventValue
    readonly duration: number
    readonly volume: number
    readonly id: Text
    readonly is_callid: number
    readonly stream: number
  }
}

/** What an event of a name carries, as far as that is known. */
export type ParamsOfEvent<E extends string> = E extends keyof KnownEvents ? KnownEvents[E] : EventParams
