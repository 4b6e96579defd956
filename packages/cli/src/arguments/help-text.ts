import { optionSpecs } from './options.js'

const synopsis = `mi: runs, explores and watches OpenSIPS over its Management Interface

  mi                                    an interactive shell
  mi COMMAND [VALUE ... | NAME=VALUE ...]
  mi watch [-n TIME] COMMAND ...        again and again, with what changed marked
  mi bench [-c COUNT] [-d TIME] COMMAND ...
                                        how fast the server answers; runs the command many times
  mi trace --listen udp:ADDRESS:PORT    prints HEP traces of MI commands as they arrive
  mi help COMMAND                       what a command does and takes
  mi call COMMAND ...                   a command that has the name of one of these
  mi completion bash|zsh|fish           completion for your shell

Examples:
  mi ps
  mi log_level 4
  mi cache_fetch system=local attr=k
  mi get_statistics core: tm:
  mi dlg_list -o table -u udp:192.0.2.7:8080
  mi which | head

Options:`

const behind = `
The server is the one of -u, else of MI_URL, else of ~/.opensips-cli.cfg, /etc/opensips-cli.cfg or
/etc/opensips/opensips-cli.cfg, else the FIFO at its usual place. The shell keeps its lines in
~/.mi_history, or where MI_HISTORY says. Colours are for screens, unless NO_COLOR is set.

Exit status: 0, 1 when the server answered an error, 2 when it could not be asked.
`

/** What `mi --help` prints. */
export function helpText(): string {
  const rows = optionSpecs.map(({ short, long, value, help }) => [
    `  ${short === undefined ? '   ' : `-${short},`} --${long} ${value}`,
    help,
  ])
  rows.push(['  -h, --help', 'this text'], ['  -V, --version', 'the version of mi'])
  const options = rows.map(([option = '', help = '']) => `${option.padEnd(27)}${help}`)
  return `${[synopsis, ...options].join('\n')}\n${behind}`
}
